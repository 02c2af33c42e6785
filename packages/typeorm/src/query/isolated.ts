import type { DataSource, QueryRunner } from 'typeorm'
import type { WriteWatch } from '../invalidation/write-watch.ts'

/** What was read, and whether all may see it. */
export interface Isolated<R> {
  readonly result: R
  /** False where a transaction may have been under way on the same connection. */
  readonly isCommitted: boolean
}

/** Reads on a connection, and finds out whether what was read may be shared: databases that run in this process have only one. */
export async function readIsolated<R>(watch: WriteWatch, queryRunner: QueryRunner, read: () => Promise<R>): Promise<Isolated<R>> {
  const transaction = watch.transaction(queryRunner)
  const { begun } = transaction
  const wasApart = watch.isApart(queryRunner)
  const result = await read()
  return { result, isCommitted: !wasApart && transaction.begun === begun && !watch.isApart(queryRunner) }
}

/** Gives a connection for reading, and takes it back. */
export async function withReader<R>(dataSource: DataSource, read: (queryRunner: QueryRunner) => Promise<R>): Promise<R> {
  const queryRunner = dataSource.createQueryRunner('slave')
  try {
    return await read(queryRunner)
  } finally {
    await queryRunner.release()
  }
}
