import { count, duration, encodingFields, type FieldsOf, object, type ObjectShape, required, text } from '@stratacache/core/config'
import type { RedisSettings } from './options.ts'

/** The options of `redis` that are data. A `serializer` is code. */
export type RedisConfig = Omit<RedisSettings, 'serializer'> & { readonly url: string }

const fields = {
  url: text({ secret: 'url', description: 'Where the server is: redis:// or rediss://.' }),
  prefix: text({ default: 'strata', description: 'What every key in Redis begins with. Non-empty, without braces.' }),
  leaseTtl: duration({ default: '15s', description: 'How long a load may take before another process may load the same key.' }),
  heartbeat: duration({ default: '1s', description: 'Within what time a dead connection of the log is noticed.' }),
  minReplicas: count({ least: 0, default: 0, description: 'How many replicas have to acknowledge an invalidation or a write.' }),
  commandTimeout: duration({ default: '500ms', description: 'How long the cache waits for an answer.' }),
  ...encodingFields,
  logLength: count({ default: 10_000, description: 'How many invalidations the log keeps, about.' }),
} satisfies FieldsOf<RedisConfig>

export const redisConfig: ObjectShape<RedisConfig> = object(
  { ...fields, url: required(fields.url) },
  { description: 'The shared tier on Redis or Valkey. The package ioredis has to be installed.' },
)
