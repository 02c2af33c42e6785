import { RespReader, type Message } from './resp.ts'

/** What went through a proxy since its start or the last `reset()`. */
export interface ProxyStats {
  /** Connections open now. */
  readonly connections: number
  /** Connections accepted. */
  readonly accepted: number
  /** Each command as its upper-case name and the number of its arguments: `MGET 3`. */
  readonly commands: readonly string[]
  /** Commands of the open connections whose replies were not delivered yet. */
  readonly requestsInFlight: number
  /**
   * Bursts from a client after a reply was delivered to it, summed over connections. A burst
   * may be cut by an early reply: give the proxy a delay where the number must be exact.
   */
  readonly roundTrips: number
  reset(): void
}

export class StatsRecorder implements ProxyStats {
  readonly #open = new Set<ConnectionStats>()
  accepted = 0
  commands: string[] = []
  roundTrips = 0

  get connections(): number {
    return this.#open.size
  }

  get requestsInFlight(): number {
    let sum = 0
    for (const connection of this.#open) sum += connection.inFlight
    return sum
  }

  open(): ConnectionStats {
    this.accepted++
    const connection = new ConnectionStats(this)
    this.#open.add(connection)
    return connection
  }

  close(connection: ConnectionStats): void {
    this.#open.delete(connection)
  }

  reset(): void {
    this.accepted = 0
    this.commands = []
    this.roundTrips = 0
  }
}

export class ConnectionStats {
  readonly #total: StatsRecorder
  readonly #requests = new RespReader()
  readonly #replies = new RespReader()
  #awaitsBurst = true
  inFlight = 0

  constructor(total: StatsRecorder) {
    this.#total = total
  }

  sent(chunk: Buffer): void {
    if (this.#awaitsBurst) this.#total.roundTrips++
    this.#awaitsBurst = false
    for (const message of this.#requests.push(chunk)) {
      this.inFlight++
      this.#total.commands.push(describe(message))
    }
  }

  received(chunk: Buffer): void {
    for (const { type } of this.#replies.push(chunk)) {
      // A push answers nothing.
      if (type === '>') continue
      this.inFlight = Math.max(0, this.inFlight - 1)
      this.#awaitsBurst = true
    }
  }
}

function describe({ value }: Message): string {
  const [name, ...args] = Array.isArray(value) ? value : [value]
  return `${String(name).toUpperCase()} ${args.length}`
}
