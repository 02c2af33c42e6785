import { randomUUID } from 'node:crypto'
import type { Clock } from '@stratacache/core'
import type { DataSource, QueryRunner } from 'typeorm'
import { dialectOf } from '../sql/dialect.ts'
import { INTERNAL, literal } from '../sql/internal.ts'

/** What was written down of one transaction. */
export interface OutboxRecord {
  readonly id: string
  readonly tags: readonly string[]
}

/** What is done is removed together with what else is, this often (ms). */
const REMOVE_EVERY = 50
/** Records of one statement. */
const MOST_RECORDS = 500

/**
 * The table in which each transaction writes down what it will make invalid: they are committed together, or neither is. A
 * record stays until its invalidation has been applied.
 */
export class Outbox {
  readonly channel: string
  readonly #table: string
  readonly #clock: Clock
  readonly #report: (error: unknown) => void
  readonly #done = new Map<DataSource, string[]>()

  constructor(table: string, clock: Clock, report: (error: unknown) => void) {
    this.channel = table
    this.#table = table
    this.#clock = clock
    this.#report = report
  }

  /**
   * Writes down tags in the transaction of a connection.
   *
   * @throws what the database says; the transaction is as it was before.
   */
  async record(queryRunner: QueryRunner, tags: readonly string[]): Promise<string> {
    const { driver, options } = queryRunner.dataSource
    // They are read in their order.
    const id = `${String(Math.floor(this.#clock.now())).padStart(14, '0')}-${randomUUID()}`
    const text = JSON.stringify(tags)
    const into = `INSERT INTO ${driver.escape(this.#table)} (${driver.escape('id')}, ${driver.escape('tags')}) VALUES`
    if (!dialectOf(options.type).isPostgres) {
      await queryRunner.query(`${INTERNAL}${into} (${driver.createParameter('id', 0)}, ${driver.createParameter('tags', 1)})`, [id, text])
      return id
    }
    // An error would end the transaction, and its COMMIT would roll it back without a word.
    const savepoint = 'stratacache_outbox'
    try {
      await queryRunner.query(
        `${INTERNAL}SAVEPOINT ${savepoint}; ${into} (${literal(id)}, ${literal(text)}); SELECT pg_notify(${literal(this.channel)}, ''); RELEASE SAVEPOINT ${savepoint}`,
      )
    } catch (error) {
      await queryRunner.query(`${INTERNAL}ROLLBACK TO SAVEPOINT ${savepoint}; RELEASE SAVEPOINT ${savepoint}`)
      throw error
    }
    return id
  }

  /** The oldest records. */
  async read(dataSource: DataSource): Promise<OutboxRecord[]> {
    const { driver } = dataSource
    const query = dataSource.createQueryBuilder().select([driver.escape('id'), driver.escape('tags')]).from(this.#table, 'records')
      .orderBy(driver.escape('id')).limit(MOST_RECORDS)
    const [sql, parameters] = query.getQueryAndParameters()
    const rows = await dataSource.query<{ id: string; tags: string }[]>(`${INTERNAL}${sql}`, parameters)
    return rows.map(({ id, tags }) => ({ id, tags: JSON.parse(tags) as string[] }))
  }

  /** What these records say has been applied. They are removed a little later. */
  forget(dataSource: DataSource, ids: readonly string[]): void {
    if (ids.length === 0) return
    const waiting = this.#done.get(dataSource)
    if (waiting !== undefined) return void waiting.push(...ids)
    this.#done.set(dataSource, [...ids])
    this.#clock.setTimeout(() => void this.removeDone(dataSource), REMOVE_EVERY)
  }

  /** Never rejects: a record that stays is applied once more. */
  async removeDone(dataSource: DataSource): Promise<void> {
    const ids = this.#done.get(dataSource) ?? []
    this.#done.delete(dataSource)
    if (!dataSource.isInitialized) return
    try {
      for (let at = 0; at < ids.length; at += MOST_RECORDS) await this.remove(dataSource, ids.slice(at, at + MOST_RECORDS))
    } catch (error) {
      this.#report(error)
    }
  }

  async remove(dataSource: DataSource, ids: readonly string[]): Promise<void> {
    const { driver } = dataSource
    const places = ids.map((_, i) => driver.createParameter(`id${i}`, i))
    await dataSource.query(`${INTERNAL}DELETE FROM ${driver.escape(this.#table)} WHERE ${driver.escape('id')} IN (${places.join(', ')})`, [...ids])
  }
}
