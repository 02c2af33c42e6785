import type { Arg, Dedicated, Driver, DriverState } from './driver.ts'
import { failure } from './failure.ts'
import { BINARY, type NodeRedis, type NodeRedisCluster, NodeRedisDedicated, sendAndWait, stateOf } from './node-redis.ts'
import { slotOf } from './slot.ts'

/** A Cluster through node-redis. Reads go to masters: replicas lag. */
export class NodeRedisClusterDriver implements Driver {
  readonly cluster = true
  readonly keyPrefix: string
  readonly lastError: unknown = undefined
  readonly #client: NodeRedisCluster

  constructor(client: NodeRedisCluster) {
    this.keyPrefix = client._keyPrefix ?? ''
    this.#client = client
  }

  get state(): DriverState {
    return stateOf(this.#client)
  }

  begin(): void {}

  /** Commands of one turn share their node's connection. */
  mget(keys: string[]): Promise<(Buffer | null)[]> {
    return Promise.all(keys.map((key) => this.#client.sendCommand(key, false, ['get', key], BINARY) as Promise<Buffer | null>))
  }

  send(key: string, name: string, args: Arg[]): Promise<unknown> {
    return this.#client.sendCommand(key, false, [name, ...args], BINARY)
  }

  async sendAndWait(key: string, name: string, args: Arg[], replicas: number, timeoutMs: number): Promise<[unknown, number]> {
    // Through the Cluster first: where the slot has moved, it learns so.
    await this.send(key, 'exists', [key])
    return sendAndWait(await this.#masterOf(key), [name, ...args], replicas, timeoutMs)
  }

  dedicate(key: string, connectTimeoutMs: number): Dedicated {
    return new NodeRedisDedicated(this.#masterOf(key), connectTimeoutMs)
  }

  async close(): Promise<void> {}

  async #masterOf(key: string): Promise<NodeRedis> {
    const shard = this.#client.slots[slotOf(key)]
    if (shard === undefined) throw failure('the master of a slot is not known')
    return this.#client.nodeClient(shard.master)
  }
}
