import type { Clock, TimerHandle } from '@stratacache/core'
import type { DataSource, QueryRunner } from 'typeorm'

/** What a connection of `pg` offers, as far as it is used. */
interface PgClient {
  query(sql: string): Promise<unknown>
  on(event: 'notification', listener: (message: { channel: string; payload?: string }) => void): unknown
  on(event: 'error' | 'end', listener: () => void): unknown
  removeAllListeners(event: 'notification'): unknown
}

/** What is listened to, and what is done with it. */
export interface NotificationParts {
  readonly dataSource: DataSource
  readonly clock: Clock
  readonly heartbeatMs: number
  readonly channels: readonly string[]
  /** Before each connection. */
  readonly prepare: () => Promise<void>
  /** A connection listens from now on. What was told before, nobody has heard. */
  readonly onListening: () => void
  readonly onNotification: (channel: string, payload: string) => void
  readonly report: (error: unknown) => void
}

const FIRST_PAUSE = 100
const LONGEST_PAUSE = 5_000

/** Listens to NOTIFY on a connection of the pool, which it keeps. A connection that is lost is replaced. */
export class Notifications {
  readonly #parts: NotificationParts
  #queryRunner: QueryRunner | undefined
  #client: PgClient | undefined
  #timer: TimerHandle
  #pauseMs = FIRST_PAUSE
  #isStopped = false
  #connecting: Promise<void>

  constructor(parts: NotificationParts) {
    this.#parts = parts
    this.#connecting = this.#connect()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#parts.clock.clearTimeout(this.#timer)
    await this.#connecting
    const [client, queryRunner] = [this.#client, this.#queryRunner]
    this.#client = undefined
    try {
      client?.removeAllListeners('notification')
      // It goes back to the pool.
      await client?.query('UNLISTEN *')
    } catch {
      // Then it is gone anyway.
    }
    await queryRunner?.release().catch(() => {})
  }

  async #connect(): Promise<void> {
    const { channels, dataSource, onListening, prepare, report } = this.#parts
    try {
      await prepare()
      const queryRunner = dataSource.createQueryRunner('master')
      this.#queryRunner = queryRunner
      const client = (await queryRunner.connect()) as PgClient
      const lost = (): void => {
        if (this.#client === client) this.#lost()
      }
      client.on('error', lost)
      client.on('end', lost)
      client.on('notification', ({ channel, payload = '' }) => {
        if (channels.includes(channel)) this.#tell(channel, payload)
      })
      for (const channel of channels) await client.query(`LISTEN ${dataSource.driver.escape(channel)}`)
      this.#client = client
      this.#pauseMs = FIRST_PAUSE
      onListening()
      this.#beat(client)
    } catch (error) {
      report(error)
      this.#lost()
    }
  }

  #tell(channel: string, payload: string): void {
    const { onListening, onNotification, report } = this.#parts
    try {
      onNotification(channel, payload)
    } catch (error) {
      // Somebody else's, or of another version: what it means is not known.
      report(error)
      onListening()
    }
  }

  /** A connection that is dead may look as if nobody had anything to tell. */
  #beat(client: PgClient): void {
    const { clock, heartbeatMs } = this.#parts
    this.#timer = clock.setTimeout(() => {
      if (this.#client !== client) return
      this.#timer = clock.setTimeout(() => this.#lost(), heartbeatMs)
      client.query('SELECT 1').then(() => {
        clock.clearTimeout(this.#timer)
        if (this.#client === client) this.#beat(client)
      }, () => this.#client === client && this.#lost())
    }, heartbeatMs)
  }

  #lost(): void {
    const { clock } = this.#parts
    const queryRunner = this.#queryRunner
    this.#client?.removeAllListeners('notification')
    this.#client = undefined
    this.#queryRunner = undefined
    clock.clearTimeout(this.#timer)
    queryRunner?.release().catch(() => {})
    if (this.#isStopped) return
    this.#timer = clock.setTimeout(() => void (this.#connecting = this.#connect()), this.#pauseMs)
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE)
  }
}
