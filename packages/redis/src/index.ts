export { redis } from './redis.ts'
export type { RedisOptions, RedisSettings } from './options.ts'
export type { IoredisClient, NodeRedisClient } from './detect.ts'
export type { RedisConfig } from './from-config.ts'
