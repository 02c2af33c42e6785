import { BUILT_IN, Kinds } from '@stratacache/core/config'
import { redis } from '@stratacache/redis'
import { jsonSchema } from '../src/json-schema.ts'

/** The text of `schema.json`: the kinds of every package of this project. */
export const shippedSchema = (): string => `${JSON.stringify(jsonSchema(new Kinds([...BUILT_IN, redis.fromConfig])), undefined, 2)}\n`
