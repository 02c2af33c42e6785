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

type Watched = QueryRunner & Record<symbol, Transaction | undefined>

/**
 * Follows what every connection writes, and delivers it once it is committed. Where there is nothing to deliver there is
 * nothing to wait for: `undefined`.
 */
export class WriteWatch {
  /**
   * Under which a connection has its transaction. TypeORM makes an object of a connection for each query: a WeakMap of so
   * many cost a third of all that following a write does.
   */
  readonly #key = Symbol('stratacache')
  readonly #parts: WatchParts

  constructor(parts: WatchParts) {
    this.#parts = parts
  }

  transaction(queryRunner: QueryRunner): Transaction {
    return ((queryRunner as Watched)[this.#key] ??= new Transaction())
  }

  /** Whether what the connection reads may be what nobody else can see. */
  isApart(queryRunner: QueryRunner): boolean {
    const transaction = (queryRunner as Watched)[this.#key]
    return queryRunner.isTransactionActive || (transaction !== undefined && (transaction.isOpen || transaction.isPeculiar))
  }

  /** TypeORM has begun a transaction or set a savepoint. */
  begun(queryRunner: QueryRunner): void {
    this.transaction(queryRunner).begin()
  }

  /** TypeORM has committed, or released a savepoint. */
  committed(queryRunner: QueryRunner): Promise<void> | undefined {
    if (!queryRunner.isTransactionActive) return this.#commit(queryRunner, true)
    this.transaction(queryRunner).release()
    return undefined
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
    if (effects.length > 1) return this.#applyAll(effects, statement, schema)
    return effects.length === 0 ? undefined : this.#apply(effects[0]!, statement, schema)
  }

  /** Adds changes to the transaction that is under way, or delivers them at once where there is none. */
  add(queryRunner: QueryRunner, addTo: (changes: Changes) => void, isCertain = true): Promise<void> | undefined {
    const transaction = this.transaction(queryRunner)
    if (!transaction.isAutocommit && !transaction.isOpen) transaction.begin()
    const { isCertain: waits } = transaction
    // Where it is not certain: now, and when it ends.
    if (transaction.isOpen || queryRunner.isTransactionActive) addTo(transaction.changes)
    if (waits) return undefined
    const changes = new Changes()
    addTo(changes)
    return this.#deliverAll(queryRunner, changes, [], isCertain)
  }

  async #applyAll(effects: readonly Effect[], statement: Executed, schema: Schema): Promise<void> {
    for (const effect of effects) await this.#apply(effect, statement, schema)
  }

  #apply(effect: Effect, statement: Executed, schema: Schema): Promise<void> | undefined {
    const { queryRunner, success, error } = statement
    const parameters: readonly unknown[] = Array.isArray(statement.parameters) ? statement.parameters : []
    const transaction = this.transaction(queryRunner)
    const { definitionsCommit, isEmbedded, isMssql, isPostgres } = schema.dialect
    const isCertain = success || hasDoneNothing(error, statement.query, schema.dialect)
    switch (effect.kind) {
      case 'write':
        if (!this.#parts.readsSql || (!success && isCertain)) return undefined
        return this.#write(queryRunner, effect.write, schema, parameters, isCertain)
      case 'unknown':
        // A procedure that failed may have committed before.
        if (!this.#parts.readsSql || (!success && isCertain && isEmbedded)) return undefined
        // PostgreSQL does not let it, within a transaction.
        return this.#unknown(queryRunner, schema, isCertain, !isEmbedded && !isPostgres)
      case 'begin': {
        // TypeORM tells of its own.
        if (!success || queryRunner.isTransactionActive) return undefined
        const delivered = definitionsCommit ? this.#commit(queryRunner, true) : undefined
        // The COMMIT of an inner one commits nothing.
        if (isMssql && transaction.isOpen) transaction.doubt()
        if (!transaction.isOpen) transaction.begin()
        return delivered
      }
      case 'savepoint':
        if (!success || queryRunner.isTransactionActive || transaction.isOpen) return undefined
        transaction.begin()
        transaction.savepoint = effect.name
        return undefined
      case 'release':
        return transaction.savepoint === effect.name ? this.#commit(queryRunner, isCertain) : undefined
      case 'commit':
        if (isMssql && (queryRunner.isTransactionActive || transaction.isDoubtful)) return this.#doubt(queryRunner, isCertain)
        return this.#commit(queryRunner, isCertain)
      case 'rollback':
        transaction.end()
        return undefined
      case 'definition':
        return definitionsCommit ? this.#doubt(queryRunner, isCertain) : undefined
      case 'doubt':
        return this.#doubt(queryRunner, isCertain)
      case 'autocommit':
        transaction.isAutocommit = effect.isOn
        return effect.isOn ? this.#commit(queryRunner, isCertain) : undefined
      case 'session':
        // Where all share one connection there is no other to be different from.
        if (!isEmbedded) transaction.isPeculiar = true
        return undefined
    }
  }

  async #unknown(queryRunner: QueryRunner, schema: Schema, isCertain: boolean, mayCommit: boolean): Promise<void> {
    await this.add(queryRunner, (changes) => addEverything(changes, schema), isCertain)
    if (mayCommit) await this.#doubt(queryRunner, isCertain)
  }

  #write(queryRunner: QueryRunner, write: Write, schema: Schema, parameters: readonly unknown[], isCertain: boolean): Promise<void> | undefined {
    const fixed = fixedChanges(write, schema)
    if (fixed === undefined) return this.add(queryRunner, (changes) => addWrite(changes, write, schema, parameters), isCertain)
    const transaction = this.transaction(queryRunner)
    const isAlone = transaction.isAutocommit && !transaction.isOpen && !queryRunner.isTransactionActive
    return isAlone ? this.#deliver(queryRunner, fixed.tags, [], isCertain) : this.add(queryRunner, (changes) => changes.merge(fixed.changes), isCertain)
  }

  /** What was changed may be committed now, or later. */
  #doubt(queryRunner: QueryRunner, isCertain: boolean): Promise<void> | undefined {
    const transaction = this.transaction(queryRunner)
    transaction.doubt()
    return this.#deliverAll(queryRunner, transaction.peek(), [], isCertain)
  }

  /** A commit that failed may have been made nevertheless. */
  #commit(queryRunner: QueryRunner, isCertain: boolean): Promise<void> | undefined {
    const transaction = this.transaction(queryRunner)
    const changes = transaction.peek()
    const { records } = transaction
    transaction.end()
    return this.#deliverAll(queryRunner, changes, records, isCertain)
  }

  #deliverAll(queryRunner: QueryRunner, changes: Changes, records: readonly string[], isCertain: boolean): Promise<void> | undefined {
    return changes.isEmpty ? undefined : this.#deliver(queryRunner, changes.tags(), records, isCertain)
  }

  async #deliver({ dataSource }: QueryRunner, tags: readonly string[], records: readonly string[], isCertain: boolean): Promise<void> {
    const { deliver, log } = this.#parts
    const isApplied = await deliver(tags, isCertain)
    // What was not certainly committed is left to those who find it written down.
    if (isApplied && isCertain) log?.forget(dataSource, records)
  }
}
