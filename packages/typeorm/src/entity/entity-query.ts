import { type ObjectLiteral, type QueryRunner, SelectQueryBuilder } from 'typeorm'
import type { Row } from '../query/rows.ts'

/** A query whose rows may come from elsewhere: TypeORM makes entities of them as of its own. */
export class EntityQuery<E extends ObjectLiteral> extends SelectQueryBuilder<E> {
  #rows: readonly Row[] | undefined

  /** The entities that these rows describe. */
  hydrate(rows: readonly Row[]): Promise<E[]> {
    this.#rows = rows
    return this.getMany()
  }

  protected override loadRawResults(queryRunner: QueryRunner): Promise<unknown> {
    const rows = this.#rows
    this.#rows = undefined
    return rows === undefined ? super.loadRawResults(queryRunner) : Promise.resolve(rows)
  }
}
