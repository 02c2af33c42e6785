import type { DataSource, ObjectLiteral, QueryRunner } from 'typeorm'
import type { Schema } from '../schema/schema.ts'
import { schemaOf } from '../schema/schemas.ts'
import { isInternal } from '../sql/internal.ts'
import type { Effect, Write } from '../sql/statement.ts'
import { Changes } from './changes.ts'
import { addEverything, addWrite } from './changes-of-write.ts'
import { fixedChanges } from './fixed-changes.ts'
import { hasDoneNothing } from './outcome.ts'
import { Transaction } from './transaction.ts'

/** A statement that is about to be executed. */
export interface Executing {
  readonly queryRunner: QueryRunner
  readonly query: string
}

/** A statement that has been executed. */
export interface Executed extends Executing {
  /** Named ones are of no use: they are not told apart in SQL. */
  readonly parameters?: readonly unknown[] | ObjectLiteral | undefined
  readonly success: boolean
  readonly error?: unknown
  readonly rawResults?: unknown
}

/**
 * Makes invalid what is under these tags, in all processes. Never rejects.
 *
 * @param isCertain false where the change may still be on its way
 * @returns whether it is applied, and not only queued
 */
export type Deliver = (tags: readonly string[], isCertain: boolean) => Promise<boolean>

/** Where what is to be made invalid is written down in the transaction that makes it so. */
interface WriteLog {
  record(queryRunner: QueryRunner, tags: readonly string[]): Promise<string>
  forget(dataSource: DataSource, ids: readonly string[]): void
}

/** What a watch is made of. */
export interface WatchParts {
  readonly deliver: Deliver
  /** Whether writes are found in SQL, and not only transactions. */
  readonly readsSql: boolean
  readonly log?: WriteLog | undefined
  readonly report: (error: unknown) => void
}

/** Follows what every connection writes, and delivers it once it is committed. */
export class WriteWatch {
  readonly #transactions = new WeakMap<QueryRunner, Transaction>()
  readonly #parts: WatchParts

  constructor(parts: WatchParts) {
    this.#parts = parts
  }

  transaction(queryRunner: QueryRunner): Transaction {
    const known = this.#transactions.get(queryRunner)
    if (known !== undefined) return known
    const transaction = new Transaction()
    this.#transactions.set(queryRunner, transaction)
    return transaction
  }

  /** Whether what the connection reads may be what nobody else can see. */
  isApart(queryRunner: QueryRunner): boolean {
    const transaction = this.#transactions.get(queryRunner)
    return queryRunner.isTransactionActive || (transaction !== undefined && (transaction.isOpen || transaction.isPeculiar))
  }

  /** TypeORM has begun a transaction or set a savepoint. */
  begun(queryRunner: QueryRunner): void {
    this.transaction(queryRunner).begin()
  }

  /** TypeORM has committed, or released a savepoint. */
  async committed(queryRunner: QueryRunner): Promise<void> {
    const transaction = this.transaction(queryRunner)
    if (queryRunner.isTransactionActive) return transaction.release()
    await this.#commit(queryRunner, true)
  }

  /** A commit is about to be asked for. What it will make invalid is written down. */
  async committing(queryRunner: QueryRunner): Promise<void> {
    const transaction = this.transaction(queryRunner)
    if (!transaction.isOutermost || transaction.records.length > 0) return
    const id = await this.record(queryRunner, transaction.peek())
    if (id !== undefined) transaction.records = [id]
  }

  /** Writes down what is to be made invalid, where there is a log. Never rejects: what is not written down is delivered all the same. */
  async record(queryRunner: QueryRunner, changes: Changes): Promise<string | undefined> {
    const { log, report } = this.#parts
    if (log === undefined || changes.isEmpty) return undefined
    try {
      return await log.record(queryRunner, changes.tags())
    } catch (error) {
      report(error)
      return undefined
    }
  }

  rolledBack(queryRunner: QueryRunner): void {
    this.transaction(queryRunner).rollBack(queryRunner.isTransactionActive)
  }

  /** A statement is about to be executed: a COMMIT by hand is one as well. */
  executing({ query, queryRunner }: Executing): Promise<void> | undefined {
    if (isInternal(query) || !this.transaction(queryRunner).isOpen) return undefined
    const effects = schemaOf(queryRunner.dataSource).effects.of(query)
    return effects.some(({ kind }) => kind === 'commit' || kind === 'release') ? this.committing(queryRunner) : undefined
  }

  /** `undefined` for a statement that changes nothing, as most do. */
  executed(statement: Executed): Promise<void> | undefined {
    if (isInternal(statement.query)) return undefined
    const schema = schemaOf(statement.queryRunner.dataSource)
    const effects = schema.effects.of(statement.query)
    return effects.length === 0 ? undefined : this.#applyAll(effects, statement, schema)
  }

  /** Adds changes to the transaction that is under way, or delivers them at once where there is none. */
  async add(queryRunner: QueryRunner, addTo: (changes: Changes) => void, isCertain = true): Promise<void> {
    const transaction = this.transaction(queryRunner)
    if (!transaction.isAutocommit && !transaction.isOpen) transaction.begin()
    if (transaction.isCertain) return addTo(transaction.changes)
    // Now, and when it ends.
    if (transaction.isOpen || queryRunner.isTransactionActive) addTo(transaction.changes)
    const changes = new Changes()
    addTo(changes)
    await this.#deliverAll(queryRunner, changes, [], isCertain)
  }

  async #applyAll(effects: readonly Effect[], statement: Executed, schema: Schema): Promise<void> {
    for (const effect of effects) await this.#apply(effect, statement, schema)
  }

  async #apply(effect: Effect, statement: Executed, schema: Schema): Promise<void> {
    const { queryRunner, success, error } = statement
    const parameters: readonly unknown[] = Array.isArray(statement.parameters) ? statement.parameters : []
    const transaction = this.transaction(queryRunner)
    const { definitionsCommit, isEmbedded, isMssql, isPostgres } = schema.dialect
    const isCertain = success || hasDoneNothing(error, statement.query, schema.dialect)
    switch (effect.kind) {
      case 'write':
        if (!this.#parts.readsSql || (!success && isCertain)) return
        return this.#write(queryRunner, effect.write, schema, parameters, isCertain)
      case 'unknown':
        // A procedure that failed may have committed before.
        if (!this.#parts.readsSql || (!success && isCertain && isEmbedded)) return
        await this.add(queryRunner, (changes) => addEverything(changes, schema), isCertain)
        // PostgreSQL does not let it, within a transaction.
        return isEmbedded || isPostgres ? undefined : this.#doubt(queryRunner, isCertain)
      case 'begin':
        // TypeORM tells of its own.
        if (!success || queryRunner.isTransactionActive) return
        if (definitionsCommit) await this.#commit(queryRunner, true)
        // The COMMIT of an inner one commits nothing.
        if (isMssql && transaction.isOpen) transaction.doubt()
        if (!transaction.isOpen) transaction.begin()
        return
      case 'savepoint':
        if (!success || queryRunner.isTransactionActive || transaction.isOpen) return
        transaction.begin()
        transaction.savepoint = effect.name
        return
      case 'release':
        return transaction.savepoint === effect.name ? this.#commit(queryRunner, isCertain) : undefined
      case 'commit':
        if (isMssql && (queryRunner.isTransactionActive || transaction.isDoubtful)) return this.#doubt(queryRunner, isCertain)
        return this.#commit(queryRunner, isCertain)
      case 'rollback':
        return transaction.end()
      case 'definition':
        return definitionsCommit ? this.#doubt(queryRunner, isCertain) : undefined
      case 'doubt':
        return this.#doubt(queryRunner, isCertain)
      case 'autocommit':
        transaction.isAutocommit = effect.isOn
        if (effect.isOn) await this.#commit(queryRunner, isCertain)
        return
      case 'session':
        // Where all share one connection there is no other to be different from.
        if (!isEmbedded) transaction.isPeculiar = true
    }
  }

  async #write(queryRunner: QueryRunner, write: Write, schema: Schema, parameters: readonly unknown[], isCertain: boolean): Promise<void> {
    const fixed = fixedChanges(write, schema)
    if (fixed === undefined) return this.add(queryRunner, (changes) => addWrite(changes, write, schema, parameters), isCertain)
    const transaction = this.transaction(queryRunner)
    const isAlone = transaction.isAutocommit && !transaction.isOpen && !queryRunner.isTransactionActive
    if (isAlone) await this.#parts.deliver(fixed.tags, isCertain)
    else await this.add(queryRunner, (changes) => changes.merge(fixed.changes), isCertain)
  }

  /** What was changed may be committed now, or later. */
  async #doubt(queryRunner: QueryRunner, isCertain: boolean): Promise<void> {
    const transaction = this.transaction(queryRunner)
    transaction.doubt()
    await this.#deliverAll(queryRunner, transaction.peek(), [], isCertain)
  }

  /** A commit that failed may have been made nevertheless. */
  async #commit(queryRunner: QueryRunner, isCertain: boolean): Promise<void> {
    const transaction = this.transaction(queryRunner)
    const changes = transaction.take()
    const { records } = transaction
    transaction.end()
    await this.#deliverAll(queryRunner, changes, records, isCertain)
  }

  async #deliverAll({ dataSource }: QueryRunner, changes: Changes, records: readonly string[], isCertain: boolean): Promise<void> {
    if (changes.isEmpty) return
    const { deliver, log } = this.#parts
    const isApplied = await deliver(changes.tags(), isCertain)
    // What was not certainly committed is left to those who find it written down.
    if (isApplied && isCertain) log?.forget(dataSource, records)
  }
}
