import { type Cache, createCache, entry, type Loaded, memory } from '@stratacache/core'
import { redis } from '@stratacache/redis'
import { type Copy, knownTags, ownerTags } from '../world/rows.ts'
import { connect } from './connect.ts'
import { type Found, type Library, MEMORY_ENTRIES, type Outcome, STALE_MS, type Subject, TTL_MS, type Witness } from './subject.ts'

const MAX_UNSYNCED_MS = 1_000
const HEARTBEAT_MS = 300

export const STORE = { heartbeat: HEARTBEAT_MS, commandTimeout: 250, leaseTtl: 2_000, logLength: 2_000 } as const
export const SETTINGS = {
  ttl: TTL_MS,
  staleWhileRevalidate: STALE_MS,
  staleIfError: STALE_MS,
  hardTimeout: 5_000,
  maxUnsynced: MAX_UNSYNCED_MS,
  unsyncedTtl: 300,
  circuitBreaker: { failures: 3, cooldown: 200 },
} as const

export const stratacache: Library = {
  name: 'stratacache',
  tags: true,
  foreignMemory: MAX_UNSYNCED_MS + HEARTBEAT_MS,
  isLiteral: true,
  async open(place, hasMemory, random, witness) {
    const connection = connect(place)
    const shared = redis({ ...connection.options, ...STORE })
    const cache = createCache({ ...SETTINGS, tiers: hasMemory ? [memory({ maxEntries: MEMORY_ENTRIES }), shared] : [shared], random })
    await cache.ready()
    return subjectOf(cache, connection.close, witness)
  },
}

export function subjectOf(cache: Cache, disconnect: () => Promise<void>, witness: Witness): Subject {
  cache.on('inStep', () => witness.inStep())
  cache.on('replayed', () => witness.replayed())
  const toEntry = ({ copy, tags }: Found) => entry(copy, { tags })
  const rows = throughWriter(cache)
  return {
    getOrSet: (key, tags, load, refresh) => cache.getOrSet<Copy>(named(key), async () => toEntry(await load()), { tags, refresh }),
    getOrSetMany: (keys, load) =>
      cache.getOrSetMany<string, Copy>(keys.map(named), (missing) => load(missing.map(bare)), (_, copy) => ({ tags: [...knownTags(copy.key), ...ownerTags(copy)] })),
    get: (key) => cache.get<Copy>(named(key)),
    getSync: (key) => cache.getSync<Copy>(named(key)),
    set: async (key, copy) => {
      const { status } = await cache.set(named(key), copy, { version: copy.version })
      if (status === 'refused') throw new Error('it is not read-only')
      return status === 'stored' ? 'applied' : status
    },
    writeThrough: (key, write) => rows(key, async () => toEntry(await write())),
    invalidate: async ({ keys, tags }) => (await cache.invalidate({ keys: keys.map(named), tags })).status,
    expire: async (key) => void (await cache.expire({ keys: [named(key)] })),
    clear: async () => (await cache.clear()).status,
    async close() {
      await cache.close()
      await disconnect()
    },
  }
}

const COLLECTION = 'rows'
const named = (key: string): string => `${COLLECTION}:${key}`
const bare = (key: string): string => key.slice(COLLECTION.length + 1)

type Write = () => Promise<Loaded<Copy>>

/** Writes through a collection whose values bring their own way to the source. */
function throughWriter(cache: Cache): (key: string, write: Write) => Promise<Outcome> {
  const rows = cache.collection<string, Copy | Write>(COLLECTION, { load: () => undefined, write: (_key, write) => (write as Write)() })
  const stored = new Set<string>()
  cache.on('set', ({ key }) => stored.add(key))
  return async (key, write) => {
    stored.delete(named(key))
    await rows.set(key, write)
    // Else the key was invalidated, which may have had to wait.
    return stored.has(named(key)) ? 'applied' : 'queued'
  }
}
