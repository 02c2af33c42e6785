import type { Arg, Dedicated, Driver, DriverState } from './driver.ts'
import { failure } from './failure.ts'
import { callAndWait, end, type Ioredis, IoredisDedicated, keyPrefixOf, stateOf, STRICT, viewOf } from './ioredis.ts'

const LONGEST_BACKOFF_MS = 200

/** One server, or the master that Sentinel names, through ioredis. */
export class IoredisDriver implements Driver {
  readonly cluster = false
  readonly keyPrefix: string
  readonly #client: Ioredis
  readonly #view: Ioredis
  readonly #isOurs: boolean
  lastError: unknown

  constructor(client: Ioredis, isOurs: boolean) {
    this.keyPrefix = keyPrefixOf(client)
    this.#client = client
    this.#view = isOurs ? client : viewOf(client)
    this.#isOurs = isOurs
    if (isOurs) client.on('error', (error) => (this.lastError = error))
  }

  get state(): DriverState {
    return stateOf(this.#client.status)
  }

  begin(): void {
    if (this.#client.status === 'wait') this.#client.connect().catch(() => {})
  }

  mget(keys: string[]): Promise<(Buffer | null)[]> {
    return this.#view.mgetBuffer(keys)
  }

  send(_key: string, name: string, args: Arg[]): Promise<unknown> {
    return this.#view.callBuffer(name, args)
  }

  sendAndWait(_key: string, name: string, args: Arg[], replicas: number, timeoutMs: number): Promise<[unknown, number]> {
    return callAndWait(this.#view, name, args, replicas, timeoutMs)
  }

  dedicate(_key: string, connectTimeoutMs: number): Dedicated {
    return new IoredisDedicated(this.#client, connectTimeoutMs)
  }

  async close(): Promise<void> {
    if (this.#isOurs) await end(this.#client)
  }
}

/** A client of our own, which reconnects for ever. */
export async function connectIoredis(url: string, commandTimeout: number): Promise<Driver> {
  let Redis: new (options: object, url: string) => unknown
  try {
    ;({ Redis } = await import('ioredis'))
  } catch (error) {
    throw failure('the option url needs the package ioredis: install it, or give a client', error)
  }
  const options = {
    ...STRICT,
    retryStrategy: (times: number) => Math.min(times * 20, LONGEST_BACKOFF_MS),
    // Ends a connection that is open and dead.
    socketTimeout: Math.max(4 * commandTimeout, 2_000),
  }
  // The first argument wins where the query of the url says otherwise.
  return new IoredisDriver(new Redis(options, url) as Ioredis, true)
}
