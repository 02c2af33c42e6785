import type { Clock, TimerHandle } from '@stratacache/core'
import type { DataSource, QueryRunner } from 'typeorm'

/** What a connection of `pg` offers, as far as it is used. */
interface PgClient {
  query(sql: string): Promise<unknown>
  on(event: 'notification', listener: (message: { channel: string; payload?: string }) => void): unknown
  on(event: 'error' | 'end', listener: () => void): unknown
  removeAllListeners(event: 'notification'): unknown
  end(): Promise<void>
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
  /** The next sign of life, or the end of the time to give one. */
  #heartbeat: TimerHandle
  #retry: TimerHandle
  #pauseMs = FIRST_PAUSE
  #isStopped = false
  #connecting: Promise<void>

  constructor(parts: NotificationParts) {
    this.#parts = parts
    this.#connecting = this.#connect()
  }

  async stop(): Promise<void> {
    const { clock } = this.#parts
    this.#isStopped = true
    clock.clearTimeout(this.#retry)
    await this.#connecting
    clock.clearTimeout(this.#heartbeat)
    const [client, queryRunner] = [this.#client, this.#queryRunner]
    client?.removeAllListeners('notification')
    // It goes back to the pool.
    if (client !== undefined) await this.#ask(client, 'UNLISTEN *').catch(() => {})
    this.#client = undefined
    await queryRunner?.release().catch(() => {})
  }

  async #connect(): Promise<void> {
    const { channels, dataSource, onListening, prepare, report } = this.#parts
    let client: PgClient | undefined
    try {
      await prepare()
      const queryRunner = dataSource.createQueryRunner('master')
      this.#queryRunner = queryRunner
      client = (await queryRunner.connect()) as PgClient
      this.#client = client
      const lost = (): void => this.#lost(client)
      client.on('error', lost)
      client.on('end', lost)
      client.on('notification', ({ channel, payload = '' }) => {
        if (channels.includes(channel)) this.#tell(channel, payload)
      })
      for (const channel of channels) await this.#ask(client, `LISTEN ${dataSource.driver.escape(channel)}`)
      this.#pauseMs = FIRST_PAUSE
      onListening()
      this.#beat(client)
    } catch (error) {
      report(error)
      this.#lost(client)
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

  #beat(client: PgClient): void {
    const { clock, heartbeatMs } = this.#parts
    this.#heartbeat = clock.setTimeout(() => {
      this.#ask(client, 'SELECT 1').then(() => this.#client === client && this.#beat(client), () => this.#lost(client))
    }, heartbeatMs)
  }

  /** Queries, within a time: a connection that is dead may look as if nobody had anything to tell. */
  async #ask(client: PgClient, sql: string): Promise<void> {
    const { clock, heartbeatMs } = this.#parts
    this.#heartbeat = clock.setTimeout(() => this.#lost(client), heartbeatMs)
    await client.query(sql)
    if (this.#client === client) clock.clearTimeout(this.#heartbeat)
  }

  /** @param client the connection that is; none if there was none yet */
  #lost(client: PgClient | undefined): void {
    if (this.#client !== client) return
    const { clock } = this.#parts
    const queryRunner = this.#queryRunner
    client?.removeAllListeners('notification')
    this.#client = undefined
    this.#queryRunner = undefined
    clock.clearTimeout(this.#heartbeat)
    // One that does not answer is not for anybody else.
    client?.end().catch(() => {})
    queryRunner?.release().catch(() => {})
    if (this.#isStopped) return
    this.#retry = clock.setTimeout(() => void (this.#connecting = this.#connect()), this.#pauseMs)
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE)
  }
}
