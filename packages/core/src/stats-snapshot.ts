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
  const { requests, loads, writes, invalidations, shadow } = structuredClone(counters)
  return {
    requests: { ...requests, hit: requests.hit + hits },
    loads,
    writes,
    invalidations,
    shadow,
    tiers,
    inStep: engine.link?.inStep ?? true,
    queued: engine.link?.outbox.size ?? 0,
    memory: memory && { entries: memory.count, bytes: memory.bytes, maxEntries: memory.maxEntries, maxBytes: memory.maxBytes },
  }
}

const tierStats = ({ evictions, ...counts }: TierCounters, isMemory: boolean, hits: number): TierStats => ({
  ...counts,
  hit: counts.hit + hits,
  evictions: isMemory ? { ...evictions } : undefined,
})
