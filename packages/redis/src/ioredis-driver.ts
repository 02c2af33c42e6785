import type { Arg, Dedicated, Driver, DriverState } from './driver.ts'
import { failure } from './failure.ts'
import { callAndWait, end, type Ioredis, IoredisDedicated, keyPrefixOf, stateOf, STRICT, viewOf } from './ioredis.ts'
import { Watchdog } from './watchdog.ts'

const LONGEST_BACKOFF_MS = 200
const SHORTEST_PATIENCE_MS = 2_000

/** One server, or the master that Sentinel names, through ioredis. */
export class IoredisDriver implements Driver {
  readonly cluster = false
  readonly keyPrefix: string
  readonly #client: Ioredis
  readonly #view: Ioredis
  /** Of a client of ours; how one that was given deals with dead connections is its owner's business. */
  readonly #watchdog: Watchdog | undefined
  lastError: unknown

  /** @param patienceMs for a client of ours: when a silent connection is given up */
  constructor(client: Ioredis, patienceMs?: number) {
    this.keyPrefix = keyPrefixOf(client)
    this.#client = client
    this.#view = patienceMs === undefined ? viewOf(client) : client
    if (patienceMs === undefined) return
    client.on('error', (error) => (this.lastError = error))
    this.#watchdog = new Watchdog({ expects: () => client.status === 'connect', giveUp: () => client.disconnect(true) }, patienceMs)
  }

  get state(): DriverState {
    return stateOf(this.#client.status)
  }

  begin(): void {
    if (this.#client.status === 'wait') this.#client.connect().catch(() => {})
  }

  mget(keys: string[]): Promise<(Buffer | null)[]> {
    const answer = this.#view.mgetBuffer(keys)
    this.#watchdog?.await(answer)
    return answer
  }

  send(_key: string, name: string, args: Arg[]): Promise<unknown> {
    const answer = this.#view.callBuffer(name, args)
    this.#watchdog?.await(answer)
    return answer
  }

  sendAndWait(_key: string, name: string, args: Arg[], replicas: number, timeoutMs: number): Promise<[unknown, number]> {
    return callAndWait(this.#view, name, args, replicas, timeoutMs)
  }

  dedicate(_key: string, connectTimeoutMs: number): Dedicated {
    return new IoredisDedicated(this.#client, connectTimeoutMs)
  }

  async close(): Promise<void> {
    if (this.#watchdog === undefined) return
    this.#watchdog.stop()
    await end(this.#client)
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
  }
  // The first argument wins where the query of the url says otherwise.
  return new IoredisDriver(new Redis(options, url) as Ioredis, Math.max(4 * commandTimeout, SHORTEST_PATIENCE_MS))
}
