import type { DataSource, QueryRunner } from 'typeorm'
import { addWrite } from '../invalidation/changes-of-write.ts'
import { Changes } from '../invalidation/changes.ts'
import type { WriteWatch } from '../invalidation/write-watch.ts'
import { schemaOf } from '../schema/schemas.ts'
import { isInternal } from '../sql/internal.ts'
import type { Effect } from '../sql/statement.ts'

type Query = QueryRunner['query']

const guarded = new WeakSet<QueryRunner>()
const followed = new WeakSet<DataSource>()

/**
 * Gives each statement that writes outside of a transaction one of its own, so that what it makes invalid can be written
 * down in it.
 */
export function makeDurable(dataSource: DataSource, watch: WriteWatch): void {
  if (followed.has(dataSource)) return
  followed.add(dataSource)
  const create = dataSource.createQueryRunner.bind(dataSource)
  dataSource.createQueryRunner = (mode) => guard(create(mode), watch)
}

function guard(queryRunner: QueryRunner, watch: WriteWatch): QueryRunner {
  if (guarded.has(queryRunner)) return queryRunner
  guarded.add(queryRunner)
  const query = queryRunner.query.bind(queryRunner) as (...args: Parameters<Query>) => Promise<unknown>
  let last: Promise<unknown> = Promise.resolve()
  const durable = (...args: Parameters<Query>): Promise<unknown> => {
    const writes = writesOf(args[0], queryRunner, watch)
    if (writes === undefined) return query(...args)
    const { definitionsCommit, isEmbedded } = schemaOf(queryRunner.dataSource).dialect
    const isApart = isEmbedded || (definitionsCommit && TRUNCATES.test(args[0]))
    // One after another: a transaction of one's own is not to end in that of another.
    const turn = last.then(() => (isApart ? withIntent(queryRunner, watch, writes, args, query) : inTransaction(queryRunner, args, query)))
    last = turn.catch(() => {})
    return turn
  }
  queryRunner.query = durable as Query
  return queryRunner
}

/** The writes of a statement that is committed by itself. `undefined` for any other. */
function writesOf(sql: string, queryRunner: QueryRunner, watch: WriteWatch): readonly Effect[] | undefined {
  const transaction = watch.transaction(queryRunner)
  if (isInternal(sql) || queryRunner.isTransactionActive || transaction.isOpen || !transaction.isAutocommit) return undefined
  const effects = schemaOf(queryRunner.dataSource).effects.of(sql)
  if (!effects.some(({ kind }) => kind === 'write')) return undefined
  // Other definitions are left to their migrations.
  const isPlain = TRUNCATES.test(sql) ? effects.every(({ kind }) => kind === 'write' || kind === 'definition') : effects.every(isRowWrite)
  return isPlain ? effects : undefined
}

const TRUNCATES = /^\s*TRUNCATE\b/i

const isRowWrite = (effect: Effect): boolean => effect.kind === 'write' && effect.write.kind !== 'truncate'

async function inTransaction(queryRunner: QueryRunner, args: Parameters<Query>, query: (...args: Parameters<Query>) => Promise<unknown>): Promise<unknown> {
  await queryRunner.startTransaction()
  try {
    const result = await query(...args)
    await queryRunner.commitTransaction()
    return result
  } catch (error) {
    await queryRunner.rollbackTransaction().catch(() => {})
    throw error
  }
}

/**
 * Where all share one connection a transaction would be everybody's, and in some databases TRUNCATE ends it: what is to be
 * invalid is written down before, and stays to be applied once more.
 */
async function withIntent(
  queryRunner: QueryRunner,
  watch: WriteWatch,
  writes: readonly Effect[],
  args: Parameters<Query>,
  query: (...args: Parameters<Query>) => Promise<unknown>,
): Promise<unknown> {
  const changes = new Changes()
  const parameters: unknown = args[1]
  for (const effect of writes) {
    if (effect.kind === 'write') addWrite(changes, effect.write, schemaOf(queryRunner.dataSource), Array.isArray(parameters) ? parameters : [])
  }
  await watch.record(queryRunner, changes)
  return query(...args)
}
