export { typeormCache, type TypeormCache, type QueryCacheSettings, type QueryOptions } from './typeorm-cache.ts'
export type { EntityOptions, ReadOptions, TypeormCacheOptions } from './options.ts'
export type { SubscriberClass } from './invalidation/subscriber.ts'
export type { EntityRepository, FindByIdOptions } from './entity/entity-repository.ts'
