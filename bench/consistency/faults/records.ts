import { askRedis } from 'test-support'
import { pick } from 'test-support'
import { type Fault, repeatedly, type Stage } from './fault.ts'
import type { Single } from '../stage/backend.ts'

const TIMES = 6
/** Records that trimming leaves; mostly the newest, as it does in life. */
const LEFT = ['1', '1', '1', '0']

/** What Redis holds, lost in whole or in part. */
export const recordFaults: readonly Fault<'single'>[] = [
  { name: 'FLUSHALL', topology: 'single', place: 'server', run: (stage) => repeatedly(stage, 3, () => ask(stage, 'FLUSHALL')) },
  lost('entries', ':e:'),
  lost('leases', ':l:'),
  lost('tags', ':t:'),
  lost('the clock', '{log}:clock'),
  lost('the tail', '{log}:tail'),
  lost('the log', '{log}'),
  lost('anything', ''),
  {
    name: 'log trimmed',
    topology: 'single',
    place: 'server',
    run: (stage) =>
      repeatedly(stage, TIMES, async () => {
        for (const log of (await names(stage)).filter((name) => name.endsWith('{log}'))) await ask(stage, 'XTRIM', log, 'MAXLEN', pick(stage.random, LEFT))
      }),
  },
]

/** Deletes some of the records whose names hold a text, again and again. */
function lost(what: string, part: string): Fault<'single'> {
  return {
    name: `DEL of ${what}`,
    topology: 'single',
    place: 'server',
    run: (stage) =>
      repeatedly(stage, TIMES, async () => {
        const chosen = (await names(stage)).filter((name) => (part === '{log}' ? name.endsWith(part) : name.includes(part)) && stage.random() < 0.6)
        if (chosen.length > 0) await ask(stage, 'DEL', ...chosen)
      }),
  }
}

const ask = ({ backend }: Stage<Single>, ...command: string[]): Promise<unknown> => askRedis(backend.server.port, ...command)
const names = async (stage: Stage<Single>): Promise<string[]> => (await ask(stage, 'KEYS', '*')) as string[]
