import { askRedis, type Direction, type Proxy } from 'test-support'
import { between, pick } from 'test-support'
import { type Fault, hold, repeatedly, some, type Stage } from './fault.ts'
import type { Single } from '../stage/backend.ts'

const DIRECTIONS: readonly Direction[] = ['up', 'down']

/** The way between some of the workers and Redis. */
export const networkFaults: readonly Fault<'single'>[] = [
  {
    name: 'slow network',
    topology: 'single',
    place: 'network',
    async run(stage) {
      const slow = chosen(stage)
      for (const proxy of slow) proxy.delay(between(stage.random, 20, 300), pick(stage.random, DIRECTIONS))
      await hold(stage)
      for (const proxy of slow) for (const direction of DIRECTIONS) proxy.delay(0, direction)
    },
  },
  ...DIRECTIONS.map(
    (direction): Fault<'single'> => ({
      name: direction === 'up' ? 'commands held' : 'answers held',
      topology: 'single',
      place: 'network',
      async run(stage) {
        const held = chosen(stage)
        for (const proxy of held) proxy.pauseDirection(direction)
        await hold(stage)
        for (const proxy of held) proxy.resume(direction)
      },
    }),
  ),
  {
    name: 'cut',
    topology: 'single',
    place: 'network',
    async run(stage) {
      const cut = chosen(stage)
      await Promise.all(cut.map((proxy) => proxy.cut()))
      await hold(stage)
      await Promise.all(cut.map((proxy) => proxy.restore()))
    },
  },
  {
    // What was logged meanwhile is gone when they are back.
    name: 'cut while the log is trimmed',
    topology: 'single',
    place: 'network',
    async run(stage) {
      const cut = pick(stage.random, stage.backend.proxies)
      await cut.cut()
      await hold(stage)
      for (const log of (await ask(stage, 'KEYS', '*{log}')) as string[]) await ask(stage, 'XTRIM', log, 'MAXLEN', '1')
      await cut.restore()
    },
  },
  {
    // What was sent meanwhile never arrives.
    name: 'half open',
    topology: 'single',
    place: 'network',
    async run(stage) {
      const dead = chosen(stage)
      for (const proxy of dead) for (const direction of DIRECTIONS) proxy.pauseDirection(direction)
      await hold(stage)
      await Promise.all(dead.map((proxy) => proxy.cut()))
      for (const proxy of dead) proxy.resume()
      await Promise.all(dead.map((proxy) => proxy.restore()))
    },
  },
  {
    name: 'followers killed',
    topology: 'single',
    place: 'network',
    run: (stage) =>
      repeatedly(stage, 5, async () => {
        const clients = String(await ask(stage, 'CLIENT', 'LIST')).split('\n')
        const blocked = clients.filter((client) => /cmd=xread/.test(client) && stage.random() < 0.6)
        for (const client of blocked) await ask(stage, 'CLIENT', 'KILL', 'ID', /id=(\d+)/.exec(client)![1]!)
      }),
  },
]

/** Nothing where another fault has just taken Redis away. */
const ask = ({ backend }: Stage<Single>, ...command: string[]): Promise<unknown> => askRedis(backend.server.port, ...command).catch(() => [])

const chosen = (stage: Stage<Single>): readonly Proxy[] => some(stage).map((worker) => stage.backend.proxies[worker]!)
