import type { Cache } from '../src/cache.ts'
import { systemClock } from '../src/clock.ts'
import type { InvalidationResult } from '../src/invalidation.ts'
import { entry, type Loader } from '../src/loader.ts'
import { type CoherenceWorld, ContractTown } from './coherence-world.ts'
import { gate } from './gate.ts'
import { skewedClock } from './manual-clock.ts'
import type { TestApi } from './test-api.ts'
import { writeThroughStories } from './write-through-stories.ts'

const HOUR = 3_600_000

/**
 * The rules of docs/design/coherence.md as stories between processes: each is a race that the peers lose. No story
 * sleeps; loaders wait at gates.
 *
 * @param open starts an empty backend
 */
export function coherenceContract(name: string, open: () => Promise<CoherenceWorld>, { describe, it, expect }: TestApi): void {
  /** Runs a story between processes of one backend, and closes them. */
  const story = (title: string, tell: (town: ContractTown) => Promise<void>): void => {
    it(title, async () => {
      const town = new ContractTown(await open())
      try {
        await tell(town)
      } finally {
        await town.close()
      }
    })
  }

  /** The four ways to invalidate what a reader is loading. */
  const ways: readonly { how: string; invalidate: (cache: Cache) => Promise<InvalidationResult> }[] = [
    { how: 'key', invalidate: (cache) => cache.invalidate({ keys: ['row'] }) },
    { how: 'tag', invalidate: (cache) => cache.invalidateTags('table') },
    { how: 'a tag that the loader returns', invalidate: (cache) => cache.invalidateTags('from-loader') },
    { how: 'clear', invalidate: (cache) => cache.clear() },
  ]

  /** The ways to load: each starts a load of `row` that reads the source, then waits at the gate. */
  const loads: readonly { by: string; prepare?: (cache: Cache, town: ContractTown) => Promise<void>; start: (cache: Cache, loader: Loader<string>) => Promise<unknown> }[] = [
    { by: 'getOrSet', start: (cache, loader) => cache.getOrSet('row', loader, { tags: ['table'] }) },
    {
      by: 'getOrSetMany',
      start: (cache, loader) =>
        cache.getOrSetMany(
          ['row', 'other'],
          async (keys, { signal }) => {
            const loaded = await loader({ key: 'row', signal })
            void loaded
            return keys.map(() => 'v1')
          },
          () => ({ tags: ['table', 'from-loader'] }),
        ),
    },
    {
      by: 'staleWhileRevalidate',
      prepare: (cache, town) => town.storeStale(cache),
      start: async (cache, loader) => {
        expect(await cache.getOrSet('row', loader, { tags: ['table'], ttl: '1h', staleWhileRevalidate: '1h' })).toBe('v0')
      },
    },
    { by: 'refresh', start: (cache, loader) => cache.getOrSet('row', loader, { tags: ['table'], refresh: true }) },
  ]

  describe(`coherence: ${name}`, () => {
    for (const { how, invalidate } of ways) {
      for (const { by, prepare, start } of loads) {
        story(`rules 1, 2, 4: ${by} loads the old row, another process invalidates by ${how}: nothing old is kept anywhere`, async (town) => {
          const [reader, writer] = await town.processes(2)
          await prepare?.(reader!, town)
          const old = gate()
          const loading = start(reader!, async () => {
            const value = town.row
            await old.pass()
            return entry(value, { tags: ['from-loader'] })
          })
          await old.reached
          town.row = 'v2'
          expect((await invalidate(writer!)).status).toBe('applied')
          old.open()
          await loading
          await town.quiet(reader!)
          for (const cache of [reader!, writer!]) expect(await cache.get('row')).toBeUndefined()
          for (const cache of [reader!, writer!]) expect(await town.read(cache)).toBe('v2')
        })
      }

      story(`rule 8: a read that starts after an invalidation by ${how} does not join the older load`, async (town) => {
        const [cache, writer] = await town.processes(2)
        const old = gate()
        const first = cache!.getOrSet(
          'row',
          async () => {
            const value = town.row
            await old.pass()
            return entry(value, { tags: ['from-loader'] })
          },
          { tags: ['table'] },
        )
        await old.reached
        town.row = 'v2'
        const known = town.remoteInvalidation(cache!)
        await invalidate(writer!)
        await known
        const second = town.read(cache!)
        // Whether a tag from the loader concerns the older load is only known when it ends. The others are known
        // to: nobody waits for it.
        if (how.includes('loader')) old.open()
        expect(await second).toBe('v2')
        old.open()
        expect(await first).toBe('v1')
        await town.quiet(cache!)
        for (const each of [cache!, writer!]) expect(await each.get('row')).toBe('v2')
      })

      story(`rule 5: an invalidation by ${how} reaches the memory of every process`, async (town) => {
        const caches = await town.processes(3)
        for (const cache of caches) expect(await town.read(cache)).toBe('v1')
        const known = caches.slice(1).map((cache) => town.remoteInvalidation(cache))
        town.row = 'v2'
        await invalidate(caches[0]!)
        await Promise.all(known)
        for (const cache of caches) expect(cache.getSync('row')).toBeUndefined()
        for (const cache of caches) expect(await town.read(cache)).toBe('v2')
      })

      story(`G1: no read of the shared tier returns what was invalidated by ${how}, however late its process hears of it`, async (town) => {
        const [writer] = await town.processes(1)
        const withoutMemory = town.process({ tiers: [town.world.tier()] })
        await withoutMemory.ready()
        expect(await town.read(withoutMemory)).toBe('v1')
        expect(await town.read(withoutMemory)).toBe('v1')
        town.row = 'v2'
        await invalidate(writer!)
        expect(await withoutMemory.get('row')).toBeUndefined()
        expect(await town.read(withoutMemory)).toBe('v2')
      })
    }

    story('rule 9: a load that began before a set does not overwrite it', async (town) => {
      const [reader, writer] = await town.processes(2)
      const old = gate()
      const loading = reader!.getOrSet('row', async () => {
        const value = town.row
        await old.pass()
        return value
      })
      await old.reached
      expect(await writer!.set('row', 'v2')).toEqual({ status: 'stored' })
      old.open()
      await loading
      await town.quiet(reader!)
      for (const cache of [reader!, writer!]) expect(await cache.get('row')).toBe('v2')
    })

    story('rule 9: a set reaches the memory of other processes', async (town) => {
      const [first, second] = await town.processes(2)
      await first!.set('row', 'v1')
      expect(await second!.get('row')).toBe('v1')
      const known = town.remoteInvalidation(second!)
      await first!.set('row', 'v2')
      await known
      expect(await second!.get('row')).toBe('v2')
    })

    writeThroughStories(story, expect)

    story('G4: what was loaded after a set is not superseded by an older set', async (town) => {
      const [first, second] = await town.processes(2)
      await first!.set('row', 'v15', { version: 15, tags: ['table'] })
      expect(await second!.getOrSet('row', () => 'v15', { refresh: true, tags: ['table'] })).toBe('v15')
      await town.quiet(second!)
      expect(await first!.set('row', 'v14', { version: 14 })).toEqual({ status: 'superseded' })
      await second!.invalidateTags('table')
      expect(await second!.getOrSet('row', () => 'v16')).toBe('v16')
      await town.quiet(second!)
      expect(await first!.set('row', 'v14', { version: 14 })).toEqual({ status: 'superseded' })
      expect(await second!.get('row')).toBe('v16')
      await second!.delete('row')
      expect(await first!.set('row', 'v1', { version: 1 })).toEqual({ status: 'stored' })
    })

    story('G4: a set with a lower or equal version is superseded', async (town) => {
      const [first, second] = await town.processes(2)
      expect(await first!.set('row', 'v7', { version: 7 })).toEqual({ status: 'stored' })
      expect(await second!.set('row', 'v5', { version: 5 })).toEqual({ status: 'superseded' })
      expect(await second!.set('row', 'v7b', { version: 7n })).toEqual({ status: 'superseded' })
      expect(await first!.get('row')).toBe('v7')
      expect(await second!.get('row')).toBe('v7')
      expect(await second!.set('row', 'v10', { version: 10n })).toEqual({ status: 'stored' })
      expect(await second!.get('row')).toBe('v10')
    })

    for (const lost of ['leases', 'tags', 'clock', 'log', 'entries', 'everything'] as const) {
      story(`rule 3, G5: losing ${lost} while a load is overtaken costs a load, never a stale read`, async (town) => {
        const [reader, writer] = await town.processes(2)
        const old = gate()
        const loading = reader!.getOrSet(
          'row',
          async () => {
            const value = town.row
            await old.pass()
            return entry(value, { tags: ['from-loader'] })
          },
          { tags: ['table'] },
        )
        await old.reached
        town.row = 'v2'
        await writer!.invalidate({ tags: ['from-loader'] })
        await town.world.lose(lost)
        old.open()
        await loading
        await town.quiet(reader!)
        expect(await town.read(writer!)).toBe('v2')
        expect(await town.read(town.process())).toBe('v2')
      })

      story(`rule 3, G5: losing ${lost} of a stored entry costs a load at most`, async (town) => {
        const [reader, writer] = await town.processes(2)
        expect(await town.read(reader!)).toBe('v1')
        town.row = 'v2'
        await writer!.invalidateTags('table')
        await town.world.lose(lost)
        const late = town.process()
        await late.ready()
        expect(await town.read(late)).toBe('v2')
        expect(await town.read(writer!)).toBe('v2')
      })
    }

    for (const first of [0, 1, 2]) {
      story(`rule 11: processes whose clocks are an hour off serve and fill like the others (${['ahead', 'behind', 'right'][first]} fills)`, async (town) => {
        const clocks = [skewedClock(systemClock, HOUR), skewedClock(systemClock, -HOUR), systemClock]
        const caches = clocks.map((clock) => town.process({ clock }))
        for (const cache of caches) await cache.ready()
        let loads = 0
        for (const cache of [caches[first]!, ...caches]) {
          expect(await cache.getOrSet('row', () => `v${++loads}`, { ttl: '10m', jitter: 0 })).toBe('v1')
          await town.quiet(cache)
          expect(cache.getSync('row')).toBe('v1')
          const ages = (await cache.explain('row')).tiers.map((tier) => Math.round(Math.abs(tier.ageMs ?? Infinity) / 60_000))
          expect(ages).toEqual([0, 0])
        }
        expect(loads).toBe(1)
        await caches[first]!.delete('row')
        expect(await caches[2]!.getOrSet('row', () => `v${++loads}`)).toBe('v2')
      })
    }

    story('rule 12: expire makes an entry stale everywhere: served while it is refreshed, then replaced', async (town) => {
      const [first, second] = await town.processes(2)
      const options = { ttl: '1h', staleWhileRevalidate: '1h', tags: ['table'] } as const
      for (const cache of [first!, second!]) expect(await cache.getOrSet('row', () => town.row, options)).toBe('v1')
      town.row = 'v2'
      const known = town.remoteInvalidation(second!)
      await first!.expire({ tags: ['table'] })
      await known
      expect(await second!.getOrSet('row', () => town.row, options)).toBe('v1')
      await town.quiet(second!)
      expect(await second!.getOrSet('row', () => town.row, options)).toBe('v2')
    })

    story('rule 12: invalidate never serves stale, not even when the load fails', async (town) => {
      const [first, second] = await town.processes(2)
      const options = { ttl: '1h', staleWhileRevalidate: '1h', staleIfError: '1h' } as const
      for (const cache of [first!, second!]) await cache.getOrSet('row', () => town.row, options)
      const known = town.remoteInvalidation(second!)
      await first!.delete('row')
      await known
      const broken = new Error('source is down')
      for (const cache of [first!, second!]) {
        const failure = await cache.getOrSet('row', () => Promise.reject(broken), options).catch((error: unknown) => error)
        expect(failure).toBe(broken)
      }
    })

    story('G3: a key that four processes want at once is loaded once', async (town) => {
      const caches = await town.processes(4)
      let loads = 0
      const loader = async (): Promise<string> => {
        loads++
        await new Promise((resolve) => setImmediate(resolve))
        return town.row
      }
      const reads = caches.flatMap((cache) => Array.from({ length: 50 }, () => cache.getOrSet('row', loader)))
      expect(new Set(await Promise.all(reads))).toEqual(new Set(['v1']))
      expect(loads).toBe(1)
    })
  })
}
