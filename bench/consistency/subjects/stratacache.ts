import { type Cache, createCache, entry, memory } from '@stratacache/core'
import { redis } from '@stratacache/redis'
import { type Copy, knownTags, ownerTags } from '../world/rows.ts'
import { connect } from './connect.ts'
import { type Found, type Library, MEMORY_ENTRIES, STALE_MS, type Subject, TTL_MS, type Witness } from './subject.ts'

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
  return {
    getOrSet: (key, tags, load, refresh) => cache.getOrSet<Copy>(key, async () => toEntry(await load()), { tags, refresh }),
    getOrSetMany: (keys, load) => cache.getOrSetMany<string, Copy>(keys, load, (_, copy) => ({ tags: [...knownTags(copy.key), ...ownerTags(copy)] })),
    get: (key) => cache.get<Copy>(key),
    getSync: (key) => cache.getSync<Copy>(key),
    set: async (key, copy) => {
      const { status } = await cache.set(key, copy, { version: copy.version })
      if (status === 'refused') throw new Error('it is not read-only')
      return status === 'stored' ? 'applied' : status
    },
    invalidate: async (target) => (await cache.invalidate(target)).status,
    expire: async (key) => void (await cache.expire({ keys: [key] })),
    clear: async () => (await cache.clear()).status,
    async close() {
      await cache.close()
      await disconnect()
    },
  }
}
