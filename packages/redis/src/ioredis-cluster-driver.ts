import type { Arg, Dedicated, Driver, DriverState } from './driver.ts'
import { failure } from './failure.ts'
import { callAndWait, type Ioredis, type IoredisCluster, IoredisDedicated, keyPrefixOf, stateOf, viewOf } from './ioredis.ts'
import { slotOf } from './slot.ts'

/** A Cluster through ioredis. */
export class IoredisClusterDriver implements Driver {
  readonly cluster = true
  readonly keyPrefix: string
  readonly lastError: unknown = undefined
  readonly #client: IoredisCluster
  readonly #view: IoredisCluster

  constructor(client: IoredisCluster) {
    this.keyPrefix = keyPrefixOf(client)
    this.#client = client
    this.#view = viewOf(client)
  }

  get state(): DriverState {
    return stateOf(this.#client.status)
  }

  begin(): void {
    if (this.#client.status === 'wait') this.#client.connect().catch(() => {})
  }

  /** Commands of one turn share their node's connection. */
  mget(keys: string[]): Promise<(Buffer | null)[]> {
    return Promise.all(keys.map((key) => this.#view.getBuffer(key)))
  }

  send(_key: string, name: string, args: Arg[]): Promise<unknown> {
    return this.#view.callBuffer(name, args)
  }

  async sendAndWait(key: string, name: string, args: Arg[], replicas: number, timeoutMs: number): Promise<[unknown, number]> {
    // Through the Cluster first: where the slot has moved, it learns so.
    await this.#view.callBuffer('exists', [key])
    return callAndWait(viewOf(this.#masterOf(key)), name, args, replicas, timeoutMs)
  }

  dedicate(key: string, connectTimeoutMs: number): Dedicated {
    return new IoredisDedicated(this.#masterOf(key), connectTimeoutMs)
  }

  async close(): Promise<void> {}

  #masterOf(key: string): Ioredis {
    const address = this.#client.slots[slotOf(key)]?.[0]
    const master = this.#client.nodes('master').find(({ options }) => `${options.host}:${options.port}` === address)
    if (master === undefined) throw failure('the master of a slot is not known')
    return master
  }
}
