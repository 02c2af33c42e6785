import type { LogReader, ReadReply, ReadRequest, SharedJournal } from '@stratacache/core'
import type { Dedicated, Driver } from './driver.ts'
import { asFailure, failure, TIER_NAME } from './failure.ts'
import { RedisJournal } from './journal.ts'
import { RedisLog } from './log.ts'
import type { StoreOptions } from './options.ts'
import { toReadReply } from './replies.ts'
import { DISCARD, INSPECT, RELEASE } from './scripts/entries.ts'
import { Session } from './session.ts'

/** What is the same on one server and on a Cluster. */
export class CommonStore {
  readonly name: string = TIER_NAME
  readonly leaseTtl: number
  readonly heartbeat: number
  readonly commandTimeout: number
  protected readonly session: Session
  /** How long the record of a tag that nobody carries lives, so that loads in flight meet it (rule 3). */
  protected readonly tagLife: string
  protected readonly logLength: string
  readonly #logs = new Set<Dedicated>()
  #journal: RedisJournal | undefined

  constructor(options: StoreOptions) {
    this.leaseTtl = options.leaseTtl
    this.heartbeat = options.heartbeat
    this.commandTimeout = options.commandTimeout
    this.tagLife = String(Math.ceil(2 * options.leaseTtl))
    this.logLength = String(options.logLength)
    this.session = new Session(options.openDriver, options)
  }

  connect(): Promise<void> {
    return this.session.connect()
  }

  read(request: ReadRequest): Promise<ReadReply> {
    const driver = this.session.ready
    return driver === undefined ? this.session.driver().then((entered) => this.#read(entered, request)) : this.#read(driver, request)
  }

  async release(key: string, token: string): Promise<void> {
    const keys = await this.session.enter()
    await this.session.run('release', RELEASE, [keys.lease(key)], [token])
  }

  async discard(key: string, asOf: number): Promise<void> {
    const keys = await this.session.enter()
    await this.session.run('discard', DISCARD, [keys.entry(key)], [String(asOf)])
  }

  async inspect(key: string): Promise<{ lease: string | undefined }> {
    const keys = await this.session.enter()
    const token = await this.session.run('inspect', INSPECT, [keys.lease(key)], [])
    return { lease: Buffer.isBuffer(token) ? token.toString() : undefined }
  }

  journal(): SharedJournal {
    return (this.#journal ??= new RedisJournal(this.session, this.leaseTtl))
  }

  async openLog(): Promise<LogReader> {
    const keys = await this.session.enter()
    let connection: Dedicated | undefined
    try {
      // A Cluster's client learns from it who owns the slot now.
      if (this.session.current().cluster) await this.session.current().mget([keys.tail])
      // Not the driver of before: it may have been closed meanwhile.
      connection = this.session.current().dedicate(keys.log, this.heartbeat)
      this.#logs.add(connection)
      await within(this.heartbeat, connection.opened)
    } catch (error) {
      if (connection !== undefined) await this.#drop(connection)
      throw asFailure('opening the log failed', error)
    }
    const opened = connection
    return new RedisLog(opened, keys, this.logLength, () => this.#drop(opened))
  }

  async close(): Promise<void> {
    await Promise.all([...[...this.#logs].map((log) => this.#drop(log)), this.session.close()])
  }

  #read(driver: Driver, { keys, tags }: ReadRequest): Promise<ReadReply> {
    const names = [this.session.keys.tail]
    for (let i = 0; i < tags.length; i++) names.push(this.session.keys.tag(tags[i]!))
    for (let i = 0; i < keys.length; i++) names.push(this.session.keys.entry(keys[i]!))
    return driver.mget(names).then(
      (values) => toReadReply(values, tags.length),
      (error: unknown) => {
        throw asFailure('read failed', error)
      },
    )
  }

  #drop(log: Dedicated): Promise<void> {
    this.#logs.delete(log)
    return log.close()
  }
}

async function within(ms: number, opened: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(failure(`no connection within ${ms} ms`)), ms)
  })
  await Promise.race([opened, late]).finally(() => clearTimeout(timer))
}
