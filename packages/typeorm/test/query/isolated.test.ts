import type { QueryRunner } from 'typeorm'
import { expect, it } from 'vitest'
import { WriteWatch } from '../../src/invalidation/write-watch.ts'
import { readIsolated } from '../../src/query/isolated.ts'

const options = { type: 'sqljs' }

/** Whether what is read may be shared, when these statements are executed before, while and after the database reads. */
async function isCommitted(before: readonly string[], during: readonly string[]): Promise<boolean> {
  const queryRunner = { isTransactionActive: false, dataSource: { options, entityMetadatas: [] } } as unknown as QueryRunner
  const watch = new WriteWatch({ deliver: () => Promise.resolve(true), readsSql: true, report: (error) => expect.fail(String(error)) })
  const execute = async (statements: readonly string[]): Promise<void> => {
    for (const query of statements) await watch.executed({ queryRunner, query, success: true })
  }
  await execute(before)
  const isolated = await readIsolated(watch, queryRunner, async () => {
    await execute(during)
    return 'read'
  })
  expect(isolated.result).toBe('read')
  return isolated.isCommitted
}

it.each<[boolean, string[], string[]]>([
  [true, [], []],
  [true, ['BEGIN', 'COMMIT'], []],
  [true, [], ['DELETE FROM a']],
  [false, ['BEGIN'], []],
  [false, ['BEGIN'], ['COMMIT']],
  [false, [], ['BEGIN']],
  [false, [], ['BEGIN', 'ROLLBACK']],
  [false, [], ['BEGIN', 'COMMIT', 'SELECT 1']],
])('may be shared: %s, after %o, with %o', async (expected, before, during) => {
  expect(await isCommitted(before, during)).toBe(expected)
})
