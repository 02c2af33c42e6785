import type { Arg, Dedicated, DriverState } from './driver.ts'

/** What is used of an ioredis `Redis` or `Cluster`, versions 5 and 6. */
export interface Ioredis {
  readonly status: string
  readonly options: { readonly keyPrefix?: string | Buffer }
  /** Its connection, when it has one. */
  readonly stream?: { cork(): void; uncork(): void }
  call(name: string, args: string[]): Promise<unknown>
  callBuffer(name: string, args: Arg[]): Promise<unknown>
  getBuffer(key: string): Promise<Buffer | null>
  mgetBuffer(keys: string[]): Promise<(Buffer | null)[]>
  sendCommand(command: object, ...rest: unknown[]): unknown
  connect(): Promise<unknown>
  disconnect(reconnect?: boolean): void
  duplicate(options: object): Ioredis
  on(event: 'error', listener: (error: unknown) => void): unknown
  once(event: 'end', listener: () => void): unknown
}

/** A Cluster's view of its nodes. */
export interface IoredisCluster extends Ioredis {
  /** Addresses of a slot's nodes, its master first. */
  readonly slots: readonly (readonly string[] | undefined)[]
  nodes(role: 'master'): (Ioredis & { readonly options: { readonly host?: string; readonly port?: number } })[]
  refreshSlotsCache(callback?: (error?: Error) => void): void
}

/** What every client built here is told: order before success, no command is kept or sent again. */
export const STRICT = {
  lazyConnect: true,
  enableOfflineQueue: false,
  enableAutoPipelining: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  reconnectOnError: null,
  keyPrefix: '',
  replyMapping: 'legacy',
  disconnectTimeout: 100,
  // How often a server that still loads its data is asked again; left as it is, a second and more.
  maxLoadingRetryTime: 50,
} as const

/**
 * A client as it is, but with our rules: the same connection, other options. What the owner has configured about
 * queueing, prefixes, pipelining and replicas does not apply to what is sent through it.
 */
export function viewOf<C extends Ioredis>(client: C): C {
  const options = {
    ...client.options,
    enableAutoPipelining: false,
    keyPrefix: '',
    ...('slots' in client
      ? { scaleReads: 'master', retryDelayOnFailover: 0, retryDelayOnClusterDown: 0 }
      : { enableOfflineQueue: false }),
  }
  return Object.create(client, {
    options: { value: options },
    sendCommand: { value: sendOnce },
    // The topology belongs to the client itself.
    ...('refreshSlotsCache' in client && {
      refreshSlotsCache: { value: (callback: undefined) => (client as unknown as IoredisCluster).refreshSlotsCache(callback) },
    }),
  }) as C

  /**
   * When a connection ends, ioredis rejects the commands of a pipeline whose first reply has arrived, and keeps all
   * others to send them again. A command that claims to be the second of a pipeline is therefore never sent twice.
   */
  function sendOnce(this: unknown, command: { pipelineIndex?: number }, ...rest: unknown[]): unknown {
    command.pipelineIndex = 1
    return client.sendCommand.call(this, command, ...rest)
  }
}

export function stateOf(status: string): DriverState {
  if (status === 'ready') return 'ready'
  return status === 'wait' || status === 'connecting' || status === 'connect' ? 'connecting' : 'away'
}

export const keyPrefixOf = (client: Ioredis): string => String(client.options.keyPrefix ?? '')

/** Ends a client of ours. */
export function end(client: Ioredis): Promise<void> {
  return new Promise((resolve) => {
    client.once('end', resolve)
    client.disconnect()
    // Between two attempts there is no connection whose end it would report.
    if (client.status === 'end' || client.status === 'reconnecting') resolve()
  })
}

/** A command and WAIT, written one after the other on one connection. */
export async function callAndWait(client: Ioredis, name: string, args: Arg[], replicas: number, timeoutMs: number): Promise<[unknown, number]> {
  const [reply, acknowledged] = await Promise.all([
    client.callBuffer(name, args),
    client.callBuffer('wait', [String(replicas), String(timeoutMs)]),
  ])
  return [reply, Number(acknowledged)]
}

/** A connection like that of a client. */
export class IoredisDedicated implements Dedicated {
  readonly opened: Promise<void>
  readonly #client: Ioredis

  constructor(like: Ioredis, connectTimeoutMs: number) {
    this.#client = like.duplicate({
      ...STRICT,
      connectTimeout: connectTimeoutMs,
      retryStrategy: null,
      sentinelRetryStrategy: null,
      failoverDetector: false,
      commandTimeout: undefined,
      blockingTimeout: undefined,
      socketTimeout: undefined,
      monitor: false,
      readOnly: false,
    })
    this.#client.on('error', () => {})
    this.opened = this.#client.connect().then(() => {})
  }

  /**
   * Written at once, but not as a pipeline of the client's: those keep each other alive until they are old, and a log
   * that tells much would stop the process for many milliseconds at every collection.
   */
  send(commands: readonly (readonly string[])[]): Promise<unknown[]> {
    const { stream } = this.#client
    stream?.cork()
    const replies = Promise.all(commands.map(([name, ...args]) => this.#client.call(name!, args)))
    stream?.uncork()
    return replies
  }

  close(): Promise<void> {
    return end(this.#client)
  }
}
