import { ConfigError, type ConfigIssue, DURATION_RULE, type Duration, parseDuration } from '@stratacache/core'
import { maskCredentials } from '@stratacache/core/config'
import { type Broken, type Encoding, ENCODING_OPTIONS, type EncodingOptions, HIDDEN, resolveEncoding } from '@stratacache/core/shared'
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

export interface RedisSettings extends EncodingOptions {
  /** What every key in Redis begins with. Non-empty, without braces. Default `'strata'`. */
  readonly prefix?: string | undefined
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

/** Of a store; lengths of time in milliseconds. */
export interface StoreOptions {
  readonly prefix: string
  readonly leaseTtl: number
  readonly heartbeat: number
  readonly commandTimeout: number
  readonly minReplicas: number
  readonly logLength: number
  /** Whether keys live on several nodes. */
  readonly cluster: boolean
  readonly openDriver: () => Driver | Promise<Driver>
}

export interface ResolvedOptions {
  readonly encoding: Encoding
  readonly store: StoreOptions
}

const NAMES = ['url', 'client', 'prefix', ...ENCODING_OPTIONS, 'leaseTtl', 'heartbeat', 'minReplicas', 'commandTimeout', 'logLength']

/**
 * Every option with its default.
 *
 * @throws ConfigError with all broken rules.
 */
export function resolveOptions(options: RedisOptions): ResolvedOptions {
  const issues: ConfigIssue[] = []
  const broken: Broken = (option, rule, value) => void issues.push({ option, rule, value })
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
    if (!NAMES.includes(name)) broken(name, `one of the options ${NAMES.join(', ')}`, shown(value))
  }
  const settings = {
    prefix: check('prefix', options.prefix ?? 'strata', isPrefix, 'a non-empty string without braces and lone surrogates'),
    leaseTtl: length('leaseTtl', options.leaseTtl ?? '15s'),
    heartbeat: length('heartbeat', options.heartbeat ?? '1s'),
    commandTimeout: length('commandTimeout', options.commandTimeout ?? '500ms'),
    minReplicas: check('minReplicas', options.minReplicas ?? 0, (count) => Number.isSafeInteger(count) && count >= 0, 'an integer >= 0'),
    logLength: check('logLength', options.logLength ?? 10_000, (count) => Number.isSafeInteger(count) && count >= 1, 'an integer >= 1'),
  }
  const encoding = resolveEncoding(options, broken)
  const backend = resolveBackend(options, settings.commandTimeout, broken)
  if (issues.length > 0) throw new ConfigError(issues)
  return { encoding, store: { ...settings, ...backend! } }
}

type Backend = Pick<StoreOptions, 'cluster' | 'openDriver'>

function resolveBackend(
  { url, client }: RedisOptions,
  commandTimeout: number,
  broken: Broken,
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

/** A mistyped name may be that of a password, or of keys. */
const shown = (value: unknown): unknown => (typeof value === 'string' || typeof value === 'object' ? HIDDEN : value)

const maskedUrl = (url: unknown): unknown => (typeof url === 'string' ? maskCredentials(url) : url)

const isPrefix = (prefix: unknown): boolean =>
  typeof prefix === 'string' && prefix !== '' && prefix.isWellFormed() && !/[{}]/.test(prefix)

const isRedisUrl = (url: unknown): url is string => typeof url === 'string' && /^rediss?:\/\//.test(url) && URL.canParse(url)
