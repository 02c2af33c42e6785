import { type QueryRunner, Table } from 'typeorm'
import { dialectOf } from '../sql/dialect.ts'

/** Where invalidations are written down, unless another name is given. */
export const OUTBOX_TABLE = 'stratacache_outbox'

/**
 * Creates the table that `outbox` needs, where it is missing. For the `up` of a migration.
 *
 * @param name as in `outbox.table`
 */
export async function createOutbox(queryRunner: QueryRunner, name: string = OUTBOX_TABLE): Promise<void> {
  const { isMysql } = dialectOf(queryRunner.dataSource.options.type)
  const columns = [
    { name: 'id', type: 'varchar', length: '64', isPrimary: true },
    { name: 'tags', type: isMysql ? 'longtext' : 'text' },
  ]
  await queryRunner.createTable(new Table({ name, columns }), true)
}

/** Drops the table of `outbox`. For the `down` of a migration. */
export async function dropOutbox(queryRunner: QueryRunner, name: string = OUTBOX_TABLE): Promise<void> {
  await queryRunner.dropTable(name, true)
}
