import type { ObjectLiteral, QueryRunner } from 'typeorm'
import type { Schema } from '../schema/schema.ts'
import { schemaOf } from '../schema/schemas.ts'
import type { Effect } from '../sql/statement.ts'
import { Changes } from './changes.ts'
import { addEverything, addWrite } from './changes-of-write.ts'
import { hasDoneNothing } from './outcome.ts'
import { Transaction } from './transaction.ts'

/** A statement that has been executed. */
export interface Executed {
  readonly queryRunner: QueryRunner
  readonly query: string
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
 */
export type Deliver = (changes: Changes, isCertain: boolean) => Promise<void>

/** Follows what every connection writes, and delivers it once it is committed. */
export class WriteWatch {
  readonly #transactions = new WeakMap<QueryRunner, Transaction>()
  readonly #deliver: Deliver
  readonly #readsSql: boolean

  /** @param readsSql whether writes are found in SQL, and not only transactions */
  constructor(deliver: Deliver, readsSql: boolean) {
    this.#deliver = deliver
    this.#readsSql = readsSql
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
    const changes = transaction.take()
    transaction.end()
    await this.#deliverAll(changes, true)
  }

  rolledBack(queryRunner: QueryRunner): void {
    this.transaction(queryRunner).rollBack(queryRunner.isTransactionActive)
  }

  /** `undefined` for a statement that changes nothing, as most do. */
  executed(statement: Executed): Promise<void> | undefined {
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
    if (queryRunner.isTransactionActive) addTo(transaction.changes)
    const changes = new Changes()
    addTo(changes)
    await this.#deliverAll(changes, isCertain)
  }

  async #applyAll(effects: readonly Effect[], statement: Executed, schema: Schema): Promise<void> {
    for (const effect of effects) await this.#apply(effect, statement, schema)
  }

  async #apply(effect: Effect, statement: Executed, schema: Schema): Promise<void> {
    const { queryRunner, success, error } = statement
    const parameters: readonly unknown[] = Array.isArray(statement.parameters) ? statement.parameters : []
    const transaction = this.transaction(queryRunner)
    const isCertain = success || hasDoneNothing(error, schema.dialect)
    switch (effect.kind) {
      case 'write':
      case 'unknown':
        if (!this.#readsSql || (!success && isCertain && !transaction.isOpen)) return
        return this.add(queryRunner, (changes) => {
          if (effect.kind === 'write') addWrite(changes, effect.write, schema, parameters)
          else addEverything(changes, schema)
        }, isCertain)
      case 'begin':
        // TypeORM tells of its own.
        if (!success || queryRunner.isTransactionActive) return
        if (schema.dialect.definitionsCommit) await this.#commit(transaction, true)
        if (!transaction.isOpen) transaction.begin()
        transaction.isByHand = true
        return
      case 'commit':
        return this.#commit(transaction, isCertain)
      case 'rollback':
        return transaction.end()
      case 'definition':
        if (schema.dialect.definitionsCommit) await this.#commit(transaction, isCertain)
        return
      case 'autocommit':
        transaction.isAutocommit = effect.isOn
        if (effect.isOn) await this.#commit(transaction, isCertain)
        return
      case 'session':
        // Where all share one connection there is no other to be different from.
        if (!schema.dialect.isEmbedded) transaction.isPeculiar = true
    }
  }

  /** A commit that failed may have been made nevertheless. */
  async #commit(transaction: Transaction, isCertain: boolean): Promise<void> {
    const changes = transaction.take()
    transaction.end()
    await this.#deliverAll(changes, isCertain)
  }

  async #deliverAll(changes: Changes, isCertain: boolean): Promise<void> {
    if (!changes.isEmpty) await this.#deliver(changes, isCertain)
  }
}
