export type { Cache } from './cache.ts'
export { type CacheConfig, createCache, type Plugin } from './create-cache.ts'
export { createCaches, type CachesOptions } from './config/create-caches.ts'
export { Caches } from './config/caches.ts'
export type { CacheData, CachesConfig, TierData } from './config/document.ts'
export type { Kind, ReadKind, TierKind, WriteKind } from './config/kind.ts'
export type { Cached, WrapOptions } from './wrap.ts'
export type { Collection } from './collection.ts'
export type { CollectionOptions, CollectionSettings, WriterContext } from './collection-options.ts'
export type { ManyContext, ManyLoader, OneLoaded } from './load-batch.ts'
export type { ManyOptions } from './load-many.ts'
export type { WriteResult } from './write.ts'
export type { Explanation, TierExplanation } from './explanation.ts'
export type { CacheStats, LoadStats, RequestStats, ShadowStats, TierStats } from './stats.ts'
export type { CacheEvents, RemovalCause, StaleReason } from './events.ts'
export { entry, Loaded, type LoadContext, type Loader, type EntryOptions, type LoadOptions, noStore, notModified } from './loader.ts'
export type { CacheSettings, ShadowOptions } from './options.ts'
export type { TierSwitch } from './tier-switch.ts'
export { memory, type MemoryBounds, type MemoryOptions, type MemoryTier, type PlainTier, type PolicyName, type SharedTier, type Tier, tier } from './tier.ts'
export { cacheAside } from './strategies/cache-aside.ts'
export { probabilisticRefresh, type ProbabilisticRefreshOptions } from './strategies/probabilistic-refresh.ts'
export { refreshAhead, type RefreshAheadOptions } from './strategies/refresh-ahead.ts'
export { writeAround } from './strategies/write-around.ts'
export { writeThrough } from './strategies/write-through.ts'
export type { Hit, ReadStrategy } from './read-strategy.ts'
export { writeBehind } from './strategies/write-behind.ts'
export type { DeadLetter, FileJournalOptions, WriteBehindOptions } from './strategies/write-behind/options.ts'
export type { Change, Written } from './change.ts'
export type { Journal, JournalEntry } from './journal.ts'
export type { WriteContext, WriteStrategy } from './write-strategy.ts'
export type { InvalidationResult, InvalidationSink, InvalidationSource, SourceTarget, Target } from './invalidation.ts'
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
