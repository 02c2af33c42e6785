import { type PostgresServer, startPostgres } from 'test-support'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { story } from '../checker/story.ts'
import { FAULTS } from '../faults/index.ts'
import { play, type SceneOptions, type SceneResult } from '../stage/scene.ts'
import { RACING_PACE, USUAL_PACE } from '../worker/order.ts'

const TIMEOUT = 90_000
/** How often a mechanism that is missing may go unnoticed, and how long that takes. */
const CHANCES = 10
const CHANCES_MS = 300_000

let postgres: PostgresServer

beforeAll(async () => {
  postgres = await startPostgres()
}, TIMEOUT)
afterAll(() => postgres.stop())

const scene = (options: Partial<SceneOptions>): Promise<SceneResult> =>
  play({
    name: 'short',
    library: 'stratacache',
    topology: 'single',
    faults: [],
    seconds: 4,
    workers: 2,
    seed: 1,
    pace: USUAL_PACE,
    tempo: { shortest: 100, longest: 600 },
    postgres: postgres.url,
    // The promise is a second; a machine that runs other tests as well may take longer.
    repair: 5_000,
    ...options,
  })

const stories = ({ violations, trial }: SceneResult): string[] => violations.slice(0, 3).map((violation) => story(violation, trial))

describe('what callers are given', () => {
  it('is never outdated while nothing is broken', { timeout: TIMEOUT }, async () => {
    const result = await scene({ pace: RACING_PACE })
    expect(stories(result)).toEqual([])
    expect(result.complaints).toEqual([])
    expect(result.reads).toBeGreaterThan(100)
  })

  it.each(['single', 'sentinel', 'cluster'] as const)('is never outdated under every fault there is on %s', { timeout: TIMEOUT }, async (topology) => {
    const faults = FAULTS.filter((fault) => fault.topology === topology)
    const result = await scene({ topology, faults, seconds: 1 })
    expect(stories(result)).toEqual([])
    expect(result.complaints).toEqual([])
    expect(new Set(result.trial.windows.map(({ name }) => name))).toEqual(new Set(faults.map(({ name }) => name)))
  })
})

describe('a cache that lacks a mechanism is found out', () => {
  /** Chance decides what meets: another seed, another chance. */
  const isFoundOut = async (options: Partial<SceneOptions>): Promise<boolean> => {
    for (let seed = 1; seed <= CHANCES; seed++) {
      const { violations } = await scene({ ...options, seed })
      if (violations.length > 0) return true
    }
    return false
  }

  it.each(['leases', 'leases of writes', 'stamps', 'fences'])('%s', { timeout: CHANCES_MS }, async (mechanism) => {
    expect(await isFoundOut({ library: `stratacache without ${mechanism}`, pace: RACING_PACE })).toBe(true)
  })

  it('gap detection', { timeout: CHANCES_MS }, async () => {
    const faults = FAULTS.filter(({ name }) => name === 'cut while the log is trimmed')
    expect(await isFoundOut({ library: 'stratacache without gap detection', faults, seconds: 5, pace: { ...USUAL_PACE, hot: 0, writes: 2 } })).toBe(true)
  })
})
