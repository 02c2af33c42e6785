import { ConfigError } from '@stratacache/core'
import type { DataSource } from 'typeorm'
import type { Changes } from './invalidation/changes.ts'
import type { Deliver, WriteWatch } from './invalidation/write-watch.ts'
import type { ResolvedOptions } from './options.ts'
import { makeDurable } from './outbox/durable-runner.ts'
import type { Outbox } from './outbox/outbox.ts'
import { Relay } from './outbox/relay.ts'
import { Notifications } from './postgres/notifications.ts'
import { TriggerListener } from './postgres/trigger-listener.ts'
import { createTriggers } from './postgres/triggers.ts'
import { schemaOf } from './schema/schemas.ts'
import { dialectOf } from './sql/dialect.ts'

/** What is started for a data source, beside what TypeORM itself calls. */
export interface FollowerParts {
  readonly options: ResolvedOptions
  readonly watch: WriteWatch
  readonly outbox: Outbox | undefined
  readonly deliver: Deliver
  readonly report: (error: unknown) => void
}

/** The relay of the outbox and the listener to triggers, for each data source that is in use. */
export class Followers {
  readonly #parts: FollowerParts
  readonly #started = new Map<DataSource, () => Promise<void>>()

  constructor(parts: FollowerParts) {
    this.#parts = parts
  }

  /** @throws ConfigError where `triggers` is asked of a database that has none. */
  start(dataSource: DataSource): void {
    if (this.#started.has(dataSource)) return
    const { outbox, options: { triggers } } = this.#parts
    const { type } = dataSource.options
    if (triggers !== undefined && type !== 'postgres' && type !== 'aurora-postgres') {
      throw new ConfigError([{ option: 'triggers', rule: 'used with PostgreSQL', value: type }])
    }
    const relay = outbox && this.#relay(dataSource, outbox)
    const notifications = this.#listen(dataSource, relay)
    this.#started.set(dataSource, async () => {
      await notifications?.stop()
      await relay?.stop()
      await outbox?.removeDone(dataSource)
    })
  }

  async stop(dataSource: DataSource): Promise<void> {
    const stop = this.#started.get(dataSource)
    this.#started.delete(dataSource)
    await stop?.()
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#started.keys()].map((dataSource) => this.stop(dataSource)))
  }

  #relay(dataSource: DataSource, outbox: Outbox): Relay {
    const { deliver, options, report, watch } = this.#parts
    makeDurable(dataSource, watch)
    const { graceMs, pollMs } = options.outbox!
    return new Relay({ outbox, clock: options.clock, graceMs, pollMs, apply: (tags) => deliver(tags, true), report }, dataSource)
  }

  #listen(dataSource: DataSource, relay: Relay | undefined): { stop(): Promise<void> } | undefined {
    const { deliver, options: { clock, triggers }, outbox, report } = this.#parts
    const channels = [...(relay ? [outbox!.channel] : []), ...(triggers ? [triggers.channel] : [])]
    if (channels.length === 0 || !dialectOf(dataSource.options.type).isPostgres) return undefined
    const listener = new TriggerListener(() => schemaOf(dataSource), (changes: Changes) => deliver(changes.tags(), true))
    const onNotification = (channel: string, payload: string): void => {
      if (channel === outbox?.channel) relay?.wake()
      if (channel === triggers?.channel) listener.hear(payload)
    }
    const onListening = (): void => {
      relay?.wake()
      if (triggers) listener.missed()
    }
    const heartbeatMs = triggers?.heartbeatMs ?? HEARTBEAT
    const prepare = async (): Promise<void> => {
      if (!triggers?.create) return
      const queryRunner = dataSource.createQueryRunner('master')
      try {
        await createTriggers(queryRunner, triggers.channel)
      } finally {
        await queryRunner.release()
      }
    }
    return new Notifications({ dataSource, clock, heartbeatMs, channels, prepare, onListening, onNotification, report })
  }
}

const HEARTBEAT = 5_000
