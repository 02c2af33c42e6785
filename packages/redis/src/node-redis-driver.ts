import type { Arg, Dedicated, Driver, DriverState } from './driver.ts'
import { BINARY, type NodeRedis, NodeRedisDedicated, sendAndWait, stateOf } from './node-redis.ts'

/** One server through node-redis. */
export class NodeRedisDriver implements Driver {
  readonly cluster = false
  readonly keyPrefix: string
  readonly lastError: unknown = undefined
  readonly #client: NodeRedis

  constructor(client: NodeRedis) {
    this.keyPrefix = client._keyPrefix ?? ''
    this.#client = client
  }

  get state(): DriverState {
    return stateOf(this.#client)
  }

  begin(): void {}

  mget(keys: string[]): Promise<(Buffer | null)[]> {
    return this.#client.sendCommand(['mget', ...keys], BINARY) as Promise<(Buffer | null)[]>
  }

  send(_key: string, name: string, args: Arg[]): Promise<unknown> {
    return this.#client.sendCommand([name, ...args], BINARY)
  }

  sendAndWait(_key: string, name: string, args: Arg[], replicas: number, timeoutMs: number): Promise<[unknown, number]> {
    return sendAndWait(this.#client, [name, ...args], replicas, timeoutMs)
  }

  dedicate(_key: string, connectTimeoutMs: number): Dedicated {
    return new NodeRedisDedicated(this.#client, connectTimeoutMs)
  }

  async close(): Promise<void> {}
}
