import type { Engine } from './engine.ts'
import type { CacheStats, TierCounters, TierStats } from './stats.ts'

/** What `cache.stats()` answers. */
export function statsOf(engine: Engine): CacheStats {
  const { counters, memory } = engine
  const hits = engine.hot?.hits ?? 0
  const tiers: Record<string, TierStats> = {}
  if (memory) tiers[engine.memoryName] = tierStats(engine.memoryCounters, true, hits)
  for (const [name, tier] of engine.stackCounters) tiers[name] = tierStats(tier, false, 0)
  if (engine.link) tiers[engine.link.name] = tierStats(engine.sharedCounters, false, 0)
  return {
    requests: { hit: counters.hit + hits, stale: counters.stale, miss: counters.miss, coalesced: counters.coalesced, error: counters.error },
    tiers,
    loads: { success: counters.loadSuccess, error: counters.loadError, timeout: counters.loadTimeout, active: counters.loadActive },
    writes: { stored: counters.stored, superseded: counters.superseded, queued: counters.queued },
    invalidations: { local: counters.localInvalidations, remote: counters.remoteInvalidations },
    inStep: engine.link?.inStep ?? true,
    queued: engine.link?.outbox.size ?? 0,
    memory: memory && { entries: memory.count, bytes: memory.bytes, maxEntries: memory.maxEntries, maxBytes: memory.maxBytes },
  }
}

const tierStats = ({ hit, stale, miss, error, evictions }: TierCounters, isMemory: boolean, hits: number): TierStats => ({
  hit: hit + hits,
  stale,
  miss,
  error,
  evictions: isMemory ? { ...evictions } : undefined,
})
