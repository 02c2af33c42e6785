export { Cache } from './cache.ts'
export { type CacheConfig, createCache, type Plugin } from './create-cache.ts'
export type { Cached, WrapOptions } from './wrap.ts'
export type { ManyLoader, ManyOptions } from './load-many.ts'
export type { WriteResult } from './write.ts'
export type { Explanation, TierExplanation } from './explanation.ts'
export type { CacheStats, LoadStats, RequestStats, TierStats } from './stats.ts'
export type { CacheEvents, RemovalCause, StaleReason } from './events.ts'
export { entry, Loaded, type LoadContext, type Loader, type EntryOptions, type LoadOptions, noStore, notModified } from './loader.ts'
export type { CacheSettings } from './options.ts'
export { memory, type MemoryBounds, type MemoryOptions, type MemoryTier, type PlainTier, type PolicyName, type SharedTier, type Tier, tier } from './tier.ts'
export { cacheAside } from './strategies/cache-aside.ts'
export { probabilisticRefresh, type ProbabilisticRefreshOptions } from './strategies/probabilistic-refresh.ts'
export { refreshAhead, type RefreshAheadOptions } from './strategies/refresh-ahead.ts'
export type { Change, Hit, ReadStrategy, WriteContext, WriteStrategy } from './strategy.ts'
export type { InvalidationResult, InvalidationSink, InvalidationSource, Target } from './invalidation.ts'
export type { MaybePromise, Store } from './store.ts'
export type { Entry, Freshness } from './entry.ts'
export type * from './shared-store.ts'
export type { Serializer } from './serializer.ts'
export { json } from './json.ts'
export type { CompressionAlgorithm, CompressionOptions } from './compression.ts'
export type { EncryptionKey, EncryptionOptions } from './encryption.ts'
export { type Duration, DURATION_RULE, parseDuration } from './duration.ts'
export { type Clock, systemClock, type TimerHandle } from './clock.ts'
export type { Random } from './random.ts'
export { type Key, keyText } from './key.ts'
export {
  CacheError,
  type CacheErrorCode,
  ClosedError,
  ConfigError,
  type ConfigIssue,
  describeValue,
  LoadTimeoutError,
  SerializationError,
  TierError,
} from './error.ts'
export { loadChannel, type LoadMessage, tierChannel, type TierMessage } from './diagnostics.ts'
