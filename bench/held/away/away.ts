import { DISTRIBUTION } from '../distribution.ts'
import { LOAD_MS } from '../reads/source.ts'
import type { Cell, Section } from '../results.ts'
import { Examined } from './examined.ts'
import { BATCH, KNOWN } from './known-reads.ts'
import { live, LIVES, MISS_EVERY_MS } from './live.ts'
import { Rounds } from './rounds.ts'
import { settingsFor } from './settings.ts'

/** Warm-up, before, away while memory is trusted, away, after. */
const PHASES = 5

/** What callers notice of Redis being away. */
export async function away(seconds = 225, rounds = 3): Promise<Section> {
  const phaseMs = (seconds * 1_000) / (PHASES * LIVES.length * rounds)
  const settings = settingsFor(phaseMs)
  const outages: Rounds[] = []
  for (const life of LIVES) {
    const lived: Examined[] = []
    for (let round = 0; round < rounds; round++) lived.push(new Examined(await live(life, phaseMs, settings), settings))
    outages.push(new Rounds(lived))
  }
  const rows = (of: (one: Examined) => Cell[][]): Cell[][] => outages.flatMap(({ middle }) => of(middle))
  return {
    name: 'away',
    title: 'Redis is away',
    about: `One process reads ${KNOWN} keys that memory has and, every ${MISS_EVERY_MS} ms, a key that nobody has, whose load takes ${LOAD_MS} ms. Then Redis is stopped (SIGSTOP: connections stay open and nothing answers) or killed and later started empty; queued: so many keys are invalidated as soon as it is away; as many others were during the warm-up, as the first invalidation of many has its code compiled while hits are timed, whether or not Redis is there. Each outage is lived through ${rounds} times; the tables have the one whose p99 of a memory hit is in the middle. maxUnsynced ${settings.maxUnsynced} ms, unsyncedTtl ${settings.unsyncedTtl} ms, commandTimeout ${settings.commandTimeout} ms, cooldown ${settings.cooldown} ms.`,
    tables: [
      { title: `Memory hits, awaited: ns each, in batches of ${BATCH}`, head: ['', ...DISTRIBUTION], rows: rows((one) => one.hits()) },
      { title: 'Misses: ms beyond their load', head: ['', ...DISTRIBUTION], rows: rows((one) => one.misses()) },
      { title: 'Beyond maxUnsynced, reads of known keys that memory did not answer: ms beyond their load', head: ['', ...DISTRIBUTION], rows: rows((one) => one.beyond()) },
      {
        title: 'All reads',
        head: ['', 'misses', 'their loads', 'loads of known keys', 'memory trusted, ms', 'memory again, ms after the return', 'waited for Redis later', 'cooldowns'],
        rows: rows((one) => [one.summary()]),
      },
    ],
    targets: outages.flatMap((each) => each.targets()),
  }
}
