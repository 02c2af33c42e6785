import { askRedis, type RedisServer, startRedis } from 'test-support'
import { OUTAGES } from '../outages.ts'
import type { Section } from '../results.ts'
import { STORED } from './names.ts'
import { PROCESSES, QUEUERS, type Round, Town } from './town.ts'

const SECONDS_PER_ROUND = 5
const LONGEST_AWAY_MS = 3_000
/** Other data: a server that is started again takes a while to load it, and answers meanwhile that it is loading. */
const OTHERS = 50
const EACH_OTHERS = 1_000

/** How soon everybody knows what was invalidated while Redis was away. */
export async function back(seconds = 60): Promise<Section> {
  const count = Math.max(1, Math.floor(seconds / SECONDS_PER_ROUND / OUTAGES.length))
  const awayMs = Math.min(LONGEST_AWAY_MS, (seconds * 1_000) / 4)
  const rounds: Round[] = []
  for (const outage of OUTAGES) {
    await using server = await startRedis({ persist: true })
    await fillUp(server)
    await using town = await Town.start(server, outage)
    // Spread over the cooldown of the circuit breaker.
    for (let round = 0; round < count; round++) rounds.push(await town.round(awayMs + (1_000 * round) / count))
  }
  return {
    name: 'back',
    title: 'Redis is back',
    about: `${PROCESSES} processes have ${QUEUERS * STORED} entries in memory. While Redis is stopped, or killed and started again with its data and ${(OTHERS * EACH_OTHERS).toLocaleString('en')} other keys to load, ${QUEUERS} of them invalidate ${STORED} entries each, half of them by key and half by tag, and go on with a name every millisecond while anything is queued. In step: a process follows the log, has nothing queued, has heard of all that the others had queued, and its memory has none of it. Afterwards every process reads every entry, and none may be an old one.`,
    tables: [
      {
        title: 'Rounds',
        head: ['', 'away, ms', 'queued', 'first in step, ms', 'all in step, ms', 'records', 'in order', 'loads per entry'],
        rows: rounds.map((round) => [
          round.outage,
          Math.round(round.awayMs),
          QUEUERS * STORED,
          Math.min(...round.inStep),
          Math.max(...round.inStep),
          round.records,
          round.isInOrder ? 'yes' : 'no',
          round.loads / (QUEUERS * STORED),
        ]),
      },
    ],
    targets: [
      ...OUTAGES.map(({ name }) => ({
        text: `${name}: all processes in step after the return, worst round`,
        measured: Math.max(...rounds.filter(({ outage }) => outage === name).flatMap(({ inStep }) => inStep)),
        rule: 'at most' as const,
        limit: 1_000,
        unit: ' ms',
      })),
      { text: 'rounds in which a process’s invalidations were applied in another order', measured: rounds.filter((round) => !round.isInOrder).length, rule: 'at most', limit: 0, unit: '' },
    ],
  }
}

async function fillUp({ port }: RedisServer): Promise<void> {
  const script = `for i = 1, ${EACH_OTHERS} do redis.call('SET', ARGV[1] .. i, i) end`
  for (let i = 0; i < OTHERS; i++) await askRedis(port, 'EVAL', script, '0', `other:${i}:`)
}
