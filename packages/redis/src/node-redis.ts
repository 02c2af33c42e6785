import type { Arg, Dedicated, DriverState } from './driver.ts'

/** What is used of a node-redis client, versions 5 and 6. */
export interface NodeRedis {
  readonly isOpen: boolean
  readonly isReady: boolean
  readonly options?: { readonly socket?: object } | undefined
  readonly _keyPrefix?: string | undefined
  sendCommand(args: readonly Arg[], options: CommandOptions): Promise<unknown>
  duplicate(overrides: object): NodeRedis
  connect(): Promise<unknown>
  destroy(): void
  on(event: 'error' | 'connect', listener: () => void): unknown
}

export interface NodeRedisCluster {
  readonly isOpen: boolean
  /** Since version 6. */
  readonly isReady?: boolean
  readonly _keyPrefix?: string | undefined
  readonly slots: readonly ({ readonly master: object } | undefined)[]
  sendCommand(key: string, isReadonly: boolean, args: readonly Arg[], options: CommandOptions): Promise<unknown>
  nodeClient(node: object): Promise<NodeRedis> | NodeRedis
}

interface CommandOptions {
  readonly timeout: undefined
  readonly typeMapping: Readonly<Record<number, unknown>>
}

const BLOB_STRING = 36
const MAP = 37

/** Strings as Buffers. Without the library's timeout, which costs an AbortSignal per command. */
export const BINARY: CommandOptions = { timeout: undefined, typeMapping: { [BLOB_STRING]: Buffer } }
const TEXT: CommandOptions = { timeout: undefined, typeMapping: { [MAP]: Array } }

/** A client that was never connected may still be, by its owner. */
export function stateOf({ isOpen, isReady = isOpen }: { readonly isOpen: boolean; readonly isReady?: boolean }): DriverState {
  return isReady ? 'ready' : 'connecting'
}

/** A command and WAIT, queued one after the other on one connection. */
export async function sendAndWait(client: NodeRedis, command: Arg[], replicas: number, timeoutMs: number): Promise<[unknown, number]> {
  const [reply, acknowledged] = await Promise.all([
    client.sendCommand(command, BINARY),
    client.sendCommand(['wait', String(replicas), String(timeoutMs)], BINARY),
  ])
  return [reply, Number(acknowledged)]
}

/** A connection like that of a client. */
export class NodeRedisDedicated implements Dedicated {
  readonly opened: Promise<void>
  #client: NodeRedis | undefined
  #hasSocket = false
  #closed = false

  constructor(like: NodeRedis | Promise<NodeRedis>, connectTimeoutMs: number) {
    this.opened = this.#open(like, connectTimeoutMs)
  }

  async #open(like: NodeRedis | Promise<NodeRedis>, connectTimeout: number): Promise<void> {
    const origin = await like
    if (this.#closed) return
    this.#client = origin.duplicate({
      disableOfflineQueue: true,
      readonly: false,
      commandOptions: TEXT,
      socket: { ...origin.options?.socket, connectTimeout, reconnectStrategy: false, socketTimeout: undefined },
    })
    this.#client.on('error', () => {})
    this.#client.on('connect', () => {
      this.#hasSocket = true
      if (this.#closed) this.#destroy()
    })
    await this.#client.connect()
  }

  send(commands: readonly (readonly string[])[]): Promise<unknown[]> {
    return Promise.all(commands.map((command) => this.#client!.sendCommand(command, TEXT)))
  }

  /** What is connecting is ended when it is connected: until then the library does not know of its socket. */
  async close(): Promise<void> {
    this.#closed = true
    if (this.#hasSocket) this.#destroy()
  }

  #destroy(): void {
    // A client that has ended by itself says so by throwing.
    if (this.#client?.isOpen) this.#client.destroy()
  }
}
