import type { QueryRunner } from 'typeorm'
import { describe, expect, it } from 'vitest'
import { WriteWatch } from '../../src/invalidation/write-watch.ts'

/** A connection of which only the SQL is real. */
class Connection {
  /** Tags of each delivery since it was last asked. */
  #delivered: string[] = []
  readonly queryRunner: QueryRunner
  readonly watch = new WriteWatch({
    deliver: (tags) => Promise.resolve(this.#delivered.push(...tags) > 0),
    readsSql: true,
    report: (error) => expect.fail(String(error)),
  })

  constructor(type: string) {
    const metadata = { tablePath: 'known', tableName: 'known', tableType: 'regular', primaryColumns: [{ databaseName: 'id', type: 'int' }], foreignKeys: [], isJunction: false }
    const driver = { normalizeType: (column: { type: string }) => column.type }
    this.queryRunner = { isTransactionActive: false, dataSource: { options: { type }, driver, entityMetadatas: [metadata] } } as unknown as QueryRunner
  }

  /** Executes statements one by one, and tells what became invalid with each: tables, in order. */
  async run(...statements: (string | { sql: string; error?: unknown; parameters?: unknown[] })[]): Promise<string[]> {
    const all: string[] = []
    for (const statement of statements) {
      const { sql, error, parameters } = typeof statement === 'string' ? { sql: statement } : statement
      await this.watch.executed({ queryRunner: this.queryRunner, query: sql, parameters, success: error === undefined, error })
      all.push([...new Set(this.#delivered.map((tag) => tag.replace(':*', '')))].join())
      this.#delivered = []
    }
    return all
  }

  begin(): void {
    this.isTransactionActive = true
    this.watch.begun(this.queryRunner)
  }

  /** A transaction that nobody has seen begin. */
  get isTransactionActive(): boolean {
    return this.queryRunner.isTransactionActive
  }

  set isTransactionActive(isActive) {
    Object.assign(this.queryRunner, { isTransactionActive: isActive })
  }

  async commit(): Promise<string[]> {
    this.isTransactionActive = false
    await this.watch.committed(this.queryRunner)
    return this.run('SELECT 1')
  }
}

const a = 'DELETE FROM a'
const b = 'DELETE FROM b'

describe('a transaction by hand', () => {
  it.each([
    ['postgres', ['BEGIN', a, b, 'COMMIT', a], ['', '', '', 'a,b', 'a']],
    ['postgres', ['BEGIN', a, 'ROLLBACK', b], ['', '', '', 'b']],
    ['postgres', ['BEGIN', a, 'COMMIT AND CHAIN', b, 'END'], ['', '', 'a', '', 'b']],
    ['postgres', [`BEGIN; ${a}; COMMIT; ${b}`], ['a,b']],
    ['postgres', ['BEGIN', 'CREATE TABLE c (id int)', a, 'COMMIT'], ['', '', '', 'c,a']],
    ['postgres', ['BEGIN', 'CALL p()', 'ROLLBACK'], ['', '', '']],
    ['mysql', ['BEGIN', a, 'START TRANSACTION', b, 'COMMIT'], ['', '', 'a', '', 'b']],
    ['mysql', ['SET autocommit = 0', a, 'COMMIT', b, 'SET autocommit = 1', a], ['', '', 'a', '', 'b', 'a']],
    ['mysql', ["SET NAMES utf8, autocommit := 0", a, 'COMMIT'], ['', '', 'a']],
    ['mssql', ['SET IMPLICIT_TRANSACTIONS ON', a, 'COMMIT', b], ['', '', 'a', '']],
    ['mssql', [`BEGIN TRAN ${a} COMMIT ${b}`], ['a,b']],
  ])('of %s: %o', async (type, statements, expected) => {
    expect(await new Connection(type).run(...statements)).toEqual(expected)
  })
})

describe('what may have been committed', () => {
  it.each([
    // MySQL commits with a definition: what comes behind it is committed at once, or with the rest.
    ['mysql', ['BEGIN', a, 'CREATE TABLE c (id int)', b, 'COMMIT'], ['', '', 'a,c', 'b', 'a,c,b']],
    ['mysql', ['BEGIN', a, 'GRANT x TO y', b, 'ROLLBACK', a], ['', '', 'a', 'b', '', 'a']],
    ['mysql', ['BEGIN', a, 'UNLOCK TABLES', 'COMMIT'], ['', '', 'a', 'a']],
    ['mysql', ['BEGIN', a, 'CREATE TEMPORARY TABLE c (id int)', 'COMMIT'], ['', '', '', 'a,c']],
    ['mysql', ['ALTER TABLE c ADD d int', 'BEGIN', a, 'COMMIT'], ['c', '', '', 'a']],
    ['mssql', ['ROLLBACK TRAN x', 'BEGIN TRAN', a, 'COMMIT'], ['', '', '', 'a']],
    // A procedure may commit.
    ['mysql', ['BEGIN', a, 'CALL p()', 'ROLLBACK'], ['', '', 'a,known', '']],
    ['oracle', ['BEGIN COMMIT; END;'], ['known']],
    ['mssql', ['BEGIN TRAN', a, 'BEGIN TRAN', b, 'COMMIT', 'COMMIT'], ['', '', '', 'b', 'a,b', 'a,b']],
    ['mssql', ['BEGIN TRAN', a, 'ROLLBACK TRAN x', b, 'COMMIT'], ['', '', 'a', 'b', 'a,b']],
    ['mssql', ['BEGIN TRAN', a, 'IF @@ERROR = 0 COMMIT ELSE ROLLBACK', b], ['', '', 'a', 'b']],
  ])('by %s: %o', async (type, statements, expected) => {
    expect(await new Connection(type).run(...statements)).toEqual(expected)
  })

  it('is told once more when the transaction of TypeORM ends', async () => {
    const mssql = new Connection('mssql')
    mssql.begin()
    // It counts down, and commits nothing.
    expect(await mssql.run(a, 'BEGIN TRAN', b, 'COMMIT')).toEqual(['', '', '', 'a,b'])
    expect(await mssql.commit()).toEqual(['a,b'])
    const mysql = new Connection('mysql')
    mysql.begin()
    expect(await mysql.run(a, 'ALTER TABLE c ADD d int', b)).toEqual(['', 'a,c', 'b'])
    expect(await mysql.commit()).toEqual(['a,c,b'])
    const oracle = new Connection('oracle')
    oracle.begin()
    expect(await oracle.run(a, 'LOCK TABLE a IN EXCLUSIVE MODE', 'ALTER SESSION SET x = 1')).toEqual(['', '', ''])
    expect(await oracle.commit()).toEqual(['a'])
  })
})

describe('a transaction that began before anybody watched', () => {
  it('is told of at once, and once more when it ends', async () => {
    const connection = new Connection('postgres')
    connection.isTransactionActive = true
    expect(connection.watch.isApart(connection.queryRunner)).toBe(true)
    expect(await connection.run(a, 'DELETE FROM known WHERE id = $1')).toEqual(['a', 'known'])
    expect(await connection.commit()).toEqual(['a,known'])
    expect(await connection.run(b)).toEqual(['b'])
  })

  it('keeps what is told when a savepoint that nobody has seen is rolled back', async () => {
    const connection = new Connection('postgres')
    connection.isTransactionActive = true
    expect(await connection.run(a)).toEqual(['a'])
    connection.watch.rolledBack(connection.queryRunner)
    expect(await connection.commit()).toEqual(['a'])
  })
})

describe('a statement that is executed again', () => {
  it('changes the rows that its parameters name', async () => {
    const sql = 'UPDATE known SET x = 1 WHERE id = $1'
    const runs = [1, 2, 1].map((id) => ({ sql, parameters: [id] }))
    const expected = ['known,known:1', 'known,known:2', 'known,known:1']
    expect(await new Connection('postgres').run(...runs)).toEqual(expected)
    expect(await new Connection('postgres').run('BEGIN', ...runs, 'COMMIT')).toEqual(['', '', '', '', 'known,known:1,known:2'])
  })

  it('changes the same where it has none that matter', async () => {
    const sql = 'INSERT INTO known (x) VALUES ($1)'
    const runs = [1, 2].map((x) => ({ sql, parameters: [x] }))
    expect(await new Connection('postgres').run(...runs, 'BEGIN', ...runs, 'COMMIT')).toEqual(['known', 'known', '', '', '', 'known'])
  })
})

describe('a savepoint of SQLite', () => {
  it.each([
    [['SAVEPOINT s', a, 'RELEASE s', b], ['', '', 'a', 'b']],
    [['SAVEPOINT s', a, 'SAVEPOINT t', b, 'RELEASE t', 'RELEASE SAVEPOINT S', a], ['', '', '', '', '', 'a,b', 'a']],
    [['SAVEPOINT s', a, 'ROLLBACK TO s', 'COMMIT'], ['', '', '', 'a']],
    [['BEGIN', 'SAVEPOINT s', a, 'RELEASE s', 'COMMIT'], ['', '', '', '', 'a']],
    [['SAVEPOINT s', 'RELEASE s', 'BEGIN', 'SAVEPOINT s', a, 'RELEASE s', 'COMMIT'], ['', '', '', '', '', '', 'a']],
  ])('begins a transaction where there is none: %o', async (statements, expected) => {
    const connection = new Connection('sqljs')
    expect(await connection.run(...statements)).toEqual(expected)
    expect(connection.watch.isApart(connection.queryRunner)).toBe(false)
  })

  it('lets nobody cache what is read in it', async () => {
    const connection = new Connection('sqljs')
    await connection.run('SAVEPOINT s')
    expect(connection.watch.isApart(connection.queryRunner)).toBe(true)
  })
})

describe('a statement that failed', () => {
  const refused = { code: '23505', sqlState: '23000' }

  it.each<[string, string, unknown, string]>([
    ['postgres', a, refused, ''],
    ['postgres', a, new Error('lost'), 'a'],
    ['postgres', a, { code: '40003' }, 'a'],
    ['mysql', `${a}; ${b}`, refused, 'a,b'],
    ['postgres', `BEGIN; ${a}; COMMIT; SELECT 1 / 0`, refused, 'a'],
    ['sqljs', a, new Error('constraint'), ''],
    ['sqljs', 'INSERT OR FAIL INTO a VALUES (1), (2)', new Error('constraint'), 'a'],
    // A procedure may have committed before it failed.
    ['mysql', 'CALL p()', refused, 'known'],
    ['postgres', 'CALL p()', refused, 'known'],
    ['sqljs', 'SELEC 1', new Error('syntax'), ''],
  ])('of %s: %s, %o', async (type, sql, error, expected) => {
    expect(await new Connection(type).run({ sql, error })).toEqual([expected])
  })
})
