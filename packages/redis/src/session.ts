import { setTimeout as delay } from 'node:timers/promises'
import { TierError } from '@stratacache/core'
import type { Arg, Driver } from './driver.ts'
import { asFailure, failure, refusal } from './failure.ts'
import { Keys } from './keys.ts'
import { type Script } from './scripts/script.ts'
import { TIME } from './scripts/clock.ts'
import { ServerClock } from './server-clock.ts'

const POLL_MS = 5
const LONGEST_CONNECT_MS = 5_000

export interface SessionOptions {
  readonly prefix: string
  readonly commandTimeout: number
  /** How many replicas have to acknowledge an invalidation. */
  readonly minReplicas: number
}

/**
 * The store's way to the server. The first operation waits for the initial connection; later ones are refused at
 * once while there is none. Nothing is tried twice, and all that fails is a TierError.
 */
export class Session {
  readonly #openDriver: () => Driver | Promise<Driver>
  readonly #options: SessionOptions
  readonly #clock = new ServerClock()
  #driver: Driver | undefined
  #keys: Keys | undefined
  #connecting: Promise<void> | undefined
  #connected = false
  #closed = false

  constructor(openDriver: () => Driver | Promise<Driver>, options: SessionOptions) {
    this.#openDriver = openDriver
    this.#options = options
  }

  /** The driver, when commands can be sent at once. */
  get ready(): Driver | undefined {
    return this.#connected && this.#driver!.state === 'ready' ? this.#driver : undefined
  }

  /** Known once a connection was made. */
  get keys(): Keys {
    return this.#keys!
  }

  /** Waits for the initial connection; refuses when it is lost. */
  async enter(): Promise<Keys> {
    await this.driver()
    return this.keys
  }

  async driver(): Promise<Driver> {
    if (!this.#connected) await this.connect()
    return this.current()
  }

  /** The driver as of now. Throws while nothing can be sent. */
  current(): Driver {
    const driver = this.ready
    if (driver === undefined) throw failure(this.#closed ? 'closed' : 'not connected', this.#driver?.lastError)
    return driver
  }

  /** Resolves when the server answers. */
  connect(): Promise<void> {
    this.#connecting ??= this.#connect().finally(() => (this.#connecting = undefined))
    return this.#connecting
  }

  /** Latest time, in the server's µs, at which a command sent now is still welcome. */
  deadline(): string {
    return String(this.#clock.micros(this.#options.commandTimeout))
  }

  /** Runs a script on the node of its first key. */
  async run(what: string, script: Script, keys: readonly string[], args: readonly Arg[]): Promise<unknown> {
    return this.#run(what, script, keys, args, 0)
  }

  /** Runs a script whose effect the replicas have to acknowledge, where that is asked for. */
  async runAcknowledged(what: string, script: Script, keys: readonly string[], args: readonly Arg[]): Promise<unknown> {
    return this.#run(what, script, keys, args, this.#options.minReplicas)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#connected = false
    await this.#driver?.close()
  }

  async #connect(): Promise<void> {
    try {
      const driver = await this.#opened()
      await this.#untilReady(driver)
      const sent = performance.now()
      const time = Number(await evaluate(driver, TIME, [this.keys.clock], [], 0, 0))
      this.#clock.learn(sent, performance.now(), time)
      this.#connected = !this.#closed
    } catch (error) {
      // Whatever the server says: without a connection it cannot be asked anything.
      throw error instanceof TierError ? error : failure('connecting failed', error)
    }
  }

  async #opened(): Promise<Driver> {
    if (!this.#closed) this.#driver ??= await this.#openDriver()
    if (this.#closed) {
      await this.#driver?.close()
      throw failure('closed')
    }
    const driver = this.#driver!
    this.#keys ??= new Keys(driver.keyPrefix + this.#options.prefix)
    return driver
  }

  async #untilReady(driver: Driver): Promise<void> {
    driver.begin()
    const patience = performance.now() + LONGEST_CONNECT_MS
    while (driver.state !== 'ready') {
      if (this.#closed) throw failure('closed')
      if (driver.state === 'away' || performance.now() > patience) throw failure('not connected', driver.lastError)
      await delay(POLL_MS, undefined, { ref: false })
    }
  }

  async #run(what: string, script: Script, keys: readonly string[], args: readonly Arg[], replicas: number): Promise<unknown> {
    const driver = this.ready ?? (await this.driver())
    const sent = performance.now()
    try {
      return await evaluate(driver, script, keys, args, replicas, Math.ceil(this.#options.commandTimeout / 2))
    } catch (error) {
      const late = error instanceof Error && /^LATE (\d+)/.exec(error.message)
      if (late) this.#clock.learn(sent, performance.now(), Number(late[1]))
      throw asFailure(`${what} failed`, error)
    }
  }
}

async function evaluate(driver: Driver, script: Script, keys: readonly string[], args: readonly Arg[], replicas: number, waitMs: number): Promise<unknown> {
  const sent: Arg[] = [script.sha, String(keys.length), ...keys, ...args]
  try {
    return await send(driver, 'evalsha', keys[0]!, sent, replicas, waitMs)
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
    return send(driver, 'eval', keys[0]!, [script.source, ...sent.slice(1)], replicas, waitMs)
  }
}

async function send(driver: Driver, name: string, key: string, args: Arg[], replicas: number, waitMs: number): Promise<unknown> {
  if (replicas === 0) return driver.send(key, name, args)
  const [reply, acknowledged] = await driver.sendAndWait(key, name, args, replicas, waitMs)
  if (acknowledged < replicas) throw refusal(`acknowledged by ${acknowledged} of ${replicas} replicas`)
  return reply
}
