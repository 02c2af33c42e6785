import { ConfigError, type ConfigIssue, DURATION_RULE, type Duration, parseDuration, type Serializer } from '@stratacache/core'
import { structuredSerializer } from '@stratacache/core/shared'
import { driverFor, type IoredisClient, type NodeRedisClient } from './detect.ts'
import type { Driver } from './driver.ts'
import { connectIoredis } from './ioredis-driver.ts'

/** Where the server is: exactly one of `url` and `client`. */
export type RedisOptions = RedisSettings & (
  | {
      /** `redis://` or `rediss://`: a client is built with the package `ioredis`. */
      readonly url: string
      readonly client?: undefined
    }
  | {
      readonly url?: undefined
      /** A client of yours. It is used as it is and stays open. */
      readonly client: IoredisClient | NodeRedisClient
    }
)

export interface RedisSettings {
  /** What every key in Redis begins with. Non-empty, without braces. Default `'strata'`. */
  readonly prefix?: string | undefined
  /** How values become bytes. Default `structuredSerializer()`. */
  readonly serializer?: Serializer | undefined
  /** How long a load may take before another process may load the same key. Default 15 s. */
  readonly leaseTtl?: Duration | undefined
  /** Within what time a dead connection of the log is noticed. Default 1 s. */
  readonly heartbeat?: Duration | undefined
  /** How many replicas have to acknowledge an invalidation or a write. Default 0. */
  readonly minReplicas?: number | undefined
  /** How long the cache waits for an answer. Default 500 ms. */
  readonly commandTimeout?: Duration | undefined
  /** How many invalidations the log keeps, about. Default 10 000. */
  readonly logLength?: number | undefined
}

export interface ResolvedOptions {
  readonly prefix: string
  readonly serializer: Serializer
  /** Milliseconds, as all lengths of time. */
  readonly leaseTtl: number
  readonly heartbeat: number
  readonly commandTimeout: number
  readonly minReplicas: number
  readonly logLength: number
  /** Whether keys live on several nodes. */
  readonly cluster: boolean
  readonly openDriver: () => Driver | Promise<Driver>
}

const NAMES = ['url', 'client', 'prefix', 'serializer', 'leaseTtl', 'heartbeat', 'minReplicas', 'commandTimeout', 'logLength']

/**
 * Every option with its default.
 *
 * @throws ConfigError with all broken rules.
 */
export function resolveOptions(options: RedisOptions): ResolvedOptions {
  const issues: ConfigIssue[] = []
  const broken = (option: string, rule: string, value: unknown): void => void issues.push({ option, rule, value })
  const check = <T>(option: string, value: T, follows: (value: T) => boolean, rule: string): T => {
    if (!follows(value)) broken(option, rule, value)
    return value
  }
  const length = (option: string, value: unknown): number => {
    const ms = parseDuration(value)
    if (ms === undefined) broken(option, DURATION_RULE, value)
    else if (ms < 1 || ms === Infinity) broken(option, 'at least 1 ms and finite', value)
    return ms ?? 0
  }
  for (const [name, value] of Object.entries(options)) {
    if (!NAMES.includes(name)) broken(name, `one of the options ${NAMES.join(', ')}`, value)
  }
  const settings = {
    prefix: check('prefix', options.prefix ?? 'strata', isPrefix, 'a non-empty string without braces and lone surrogates'),
    serializer: check('serializer', options.serializer ?? structuredSerializer(), isSerializer, 'a Serializer: { name, serialize, deserialize }'),
    leaseTtl: length('leaseTtl', options.leaseTtl ?? '15s'),
    heartbeat: length('heartbeat', options.heartbeat ?? '1s'),
    commandTimeout: length('commandTimeout', options.commandTimeout ?? '500ms'),
    minReplicas: check('minReplicas', options.minReplicas ?? 0, (count) => Number.isSafeInteger(count) && count >= 0, 'an integer >= 0'),
    logLength: check('logLength', options.logLength ?? 10_000, (count) => Number.isSafeInteger(count) && count >= 1, 'an integer >= 1'),
  }
  const backend = resolveBackend(options, settings.commandTimeout, broken)
  if (issues.length > 0) throw new ConfigError(issues)
  return { ...settings, ...backend! }
}

type Backend = Pick<ResolvedOptions, 'cluster' | 'openDriver'>

function resolveBackend(
  { url, client }: RedisOptions,
  commandTimeout: number,
  broken: (option: string, rule: string, value: unknown) => void,
): Backend | undefined {
  if (client !== undefined) {
    if (url !== undefined) broken('url', 'left out where client is given', maskedUrl(url))
    const driver = driverFor(client)
    if (driver !== undefined) return { cluster: driver.cluster, openDriver: () => driver }
    broken('client', 'an ioredis Redis or Cluster, or a node-redis client or cluster', client)
    return undefined
  }
  if (isRedisUrl(url)) return { cluster: false, openDriver: () => connectIoredis(url, commandTimeout) }
  broken('url', url === undefined ? 'given, or client' : 'a redis:// or rediss:// URL', maskedUrl(url))
  return undefined
}

/** Credentials may stand before the host or in the query. */
function maskedUrl(url: unknown): unknown {
  if (typeof url !== 'string') return url
  return url.replace(/^([a-z+]*:\/\/)?.*@/is, '$1***@').replace(/[?#].*$/s, (rest) => `${rest[0]!}***`)
}

const isPrefix = (prefix: unknown): boolean =>
  typeof prefix === 'string' && prefix !== '' && prefix.isWellFormed() && !/[{}]/.test(prefix)

const isSerializer = (serializer: Serializer): boolean =>
  typeof serializer?.name === 'string' && typeof serializer.serialize === 'function' && typeof serializer.deserialize === 'function'

const isRedisUrl = (url: unknown): url is string => typeof url === 'string' && /^rediss?:\/\//.test(url) && URL.canParse(url)
