import { MssqlParameter } from 'typeorm'
import { describe, expect, it } from 'vitest'
import { RowFinder } from '../../src/invalidation/rows.ts'
import type { KeyColumn } from '../../src/schema/key-column.ts'
import { effectsOf } from '../../src/sql/effects.ts'
import { type DatabaseName, databaseNames, dialects } from '../support/sql.ts'

const id: KeyColumn = { name: 'id', kind: 'integer' }
const code: KeyColumn = { name: 'code', kind: 'text' }
const folded: KeyColumn = { name: 'code', kind: 'folded' }
const pair: KeyColumn[] = [{ name: 'a', kind: 'integer' }, { name: 'b', kind: 'text' }]

function writeOf(database: DatabaseName, sql: string) {
  const [effect] = effectsOf(sql, dialects[database])
  if (effect?.kind !== 'write') throw new Error(`no write: ${sql}`)
  return effect.write
}

function chosen(database: DatabaseName, where: string, key: readonly KeyColumn[], parameters: readonly unknown[] = []): string[] | undefined {
  const write = writeOf(database, `DELETE FROM t WHERE ${where}`)
  return new RowFinder(parameters, dialects[database]).chosen(write.kind === 'delete' ? write.where : undefined, key)
}

function inserted(database: DatabaseName, sql: string, key: readonly KeyColumn[], parameters: readonly unknown[] = []): string[] | undefined {
  const write = writeOf(database, `INSERT INTO t ${sql}`)
  return write.kind === 'insert' && write.rows ? new RowFinder(parameters, dialects[database]).inserted(write.rows, key) : undefined
}

describe('a key of one column', () => {
  it.each<[string, string[] | undefined]>([
    ['id = 1', ['1']],
    ["id IN (1, '2', 3)", ['1', '2', '3']],
    ['id = 1 OR id = 2 OR (id IN (3) AND x = 4)', ['1', '2', '3']],
    ['id = 1 AND x = 2', ['1']],
    ['x = 2 AND (y = 3 AND id = 1)', ['1']],
    ['id = 1 AND id = 2', ['1']],
    ['id IN (1, 2) AND (id = 2 OR id = 3)', ['1', '2']],
    ['x = 1 AND (id = 2 OR id = 3)', ['2', '3']],
    ['x > 1 AND (y = 1 OR x = 2) AND (id = 2 OR id = 3)', ['2', '3']],
    ['id = x AND id = 2', ['2']],
    ['id = 1.5 AND id = 2', ['2']],
    ["id = '01' AND id = 2", ['2']],
    ['x = 1', undefined],
    ['id = 1 OR x = 2', undefined],
    ['id = 1 OR x > 2', undefined],
    ['id = 1 OR NOT id = 2', undefined],
    ['x = 1 AND (id = 2 OR y = 3)', undefined],
    ['NOT (id = 1)', undefined],
    ["id = '01'", undefined],
    ["id IN (1, '01')", undefined],
    ['id = 1.0', undefined],
    ["id = 'x'", undefined],
    ['id = NULL', undefined],
  ])('%s', (where, expected) => {
    for (const database of databaseNames) expect(chosen(database, where, [database === 'Oracle' || database === 'HANA' ? { ...id, name: 'ID' } : id]), database).toEqual(expected)
  })

  it('is found by parameters', () => {
    expect(chosen('PostgreSQL', 'id = $2 OR id IN ($1, $3)', [id], ['5', 6, 7n])).toEqual(['6', '5', '7'])
    expect(chosen('MySQL', 'id = ? AND x = ?', [id], [5, 6])).toEqual(['5'])
    expect(chosen('MSSQL', 'x = @0 AND id = @1', [id], [5, 6])).toEqual(['6'])
  })

  it.each([[[]], [[undefined]], [[null]], [['01']], [[1.5]], [[true]], [[new Date(0)]], [[Buffer.from('1')]], [[[1]]], [[{ id: 1 }]]])('nothing is found by %o', (parameters) => {
    expect(chosen('PostgreSQL', 'id = $1', [id], parameters)).toBeUndefined()
    expect(chosen('PostgreSQL', 'id IN (1, $1)', [id], parameters)).toBeUndefined()
    expect(inserted('PostgreSQL', '(id) VALUES ($1)', [id], parameters)).toBeUndefined()
  })
})

describe('a key of text', () => {
  it('is found by a text, not by a number', () => {
    expect(chosen('SQLite', "code IN ('a', 'A', ?)", [code], ['b'])).toEqual(['a', 'A', 'b'])
    expect(chosen('SQLite', 'code = 1', [code])).toBeUndefined()
    expect(chosen('SQLite', 'code = 1.50', [code])).toBeUndefined()
    expect(chosen('SQLite', 'code = ?', [code], [1])).toBeUndefined()
    expect(chosen('SQLite', "code = '1'", [code])).toEqual(['1'])
    // MySQL compares numbers there: 1 is '1abc', and 0 is 'abc'.
    for (const where of ['code = 1', 'code = 0', 'code = ?']) expect(chosen('MySQL', where, [folded], [1])).toBeUndefined()
    expect(chosen('MySQL', "code = 'Abc-1'", [folded])).toEqual(['abc-1'])
  })

  it('is not found by what the database reads in another way', () => {
    expect(chosen('MySQL', "code = 'a\\'b'", [folded])).toBeUndefined()
    expect(chosen('PostgreSQL', "code = E'a'", [code])).toBeUndefined()
    expect(chosen('PostgreSQL', "code = 'a ' OR code = 'b'", [code])).toBeUndefined()
  })
})

describe('a key of two columns', () => {
  it.each<[string, string[] | undefined]>([
    ["a = 1 AND b = 'x'", ['1:x']],
    ["b = 'x' AND c = 2 AND a = 1", ['1:x']],
    ["a IN (1, 2) AND b IN ('x', 'y')", ['1:x', '1:y', '2:x', '2:y']],
    ["(a = 1 AND b = 'x') OR (b = 'y' AND a = 2)", ['1:x', '2:y']],
    ["c = 1 AND ((a = 1 AND b = 'x') OR (a = 2 AND b = 'y'))", ['1:x', '2:y']],
    ["a = 1 AND ((a = 1 AND b = 'x') OR (a = 2 AND b = 'y'))", ['1:x', '2:y']],
    ["a = 1 AND (b = 'x' OR b = 'y')", undefined],
    ['a = 1', undefined],
    ["a = 1 OR b = 'x'", undefined],
    ["(a = 1 AND b = 'x') OR a = 2", undefined],
    ["a = 1 AND b > 'x'", undefined],
    ["(a, b) IN ((1, 'x'))", undefined],
  ])('%s', (where, expected) => {
    expect(chosen('SQLite', where, pair)).toEqual(expected)
  })

  it('is not told apart where there are too many', () => {
    const list = (count: number, quote = ''): string => Array.from({ length: count }, (_, i) => `${quote}${i}${quote}`).join()
    const where = (count: number): string => `a IN (${list(count)}) AND b IN (${list(25, "'")})`
    expect(chosen('SQLite', where(40), pair)).toHaveLength(1_000)
    expect(chosen('SQLite', where(41), pair)).toBeUndefined()
  })

  it('texts with a colon stay apart', () => {
    const texts: KeyColumn[] = [{ name: 'a', kind: 'text' }, { name: 'b', kind: 'text' }]
    expect(chosen('SQLite', "a = 'x:y' AND b = 'z'", texts)).not.toEqual(chosen('SQLite', "a = 'x' AND b = 'y:z'", texts))
  })
})

it('no key, no rows', () => {
  expect(chosen('SQLite', 'id = 1', [])).toBeUndefined()
  expect(inserted('SQLite', '(id) VALUES (1)', [])).toBeUndefined()
  expect(new RowFinder([], dialects.SQLite).chosen(undefined, [id])).toBeUndefined()
  expect(chosen('SQLite', 'id = 1', [{ name: 'id', kind: undefined }])).toBeUndefined()
})

describe('names of columns', () => {
  it.each<[DatabaseName, string, string, boolean]>([
    ['PostgreSQL', 'id', 'ID', true],
    ['PostgreSQL', 'id', '"id"', true],
    ['PostgreSQL', 'id', '"ID"', false],
    ['PostgreSQL', 'userId', '"userId"', true],
    // It is userid, which may be another column.
    ['PostgreSQL', 'userId', 'userId', false],
    ['PostgreSQL', 'userid', 'userId', true],
    ['Oracle', 'ID', 'id', true],
    ['Oracle', 'id', '"id"', true],
    ['Oracle', 'id', 'id', false],
    ['Oracle', 'ID', '"id"', false],
    ['HANA', 'ID', 'Id', true],
    ['MySQL', 'userId', 'USERID', true],
    ['MySQL', 'userId', '`UserID`', true],
    ['SQLite', 'userId', '"USERID"', true],
    ['MSSQL', 'userId', '[userid]', true],
    ['SQLite', 'k', '"\u212a"', false],
    ['SQLite', 'é', 'É', false],
    ['SQLite', 'id', 'idd', false],
  ])('%s: %s is %s: %s', (database, name, written, isSame) => {
    expect(chosen(database, `${written} = 1`, [{ name, kind: 'integer' }])).toEqual(isSame ? ['1'] : undefined)
    expect(inserted(database, `(${written}) VALUES (1)`, [{ name, kind: 'integer' }])).toEqual(isSame ? ['1'] : undefined)
  })
})

describe('rows that are inserted', () => {
  it.each<[string, string[] | undefined]>([
    ["(a, b) VALUES (1, 'x')", ['1:x']],
    ["(c, b, a) VALUES (f(1), 'x', 1), (NULL, 'y', 2)", ['1:x', '2:y']],
    ["(a, b) VALUES (1, 'x'), (DEFAULT, 'y')", undefined],
    ["(a, b) VALUES (1, 'x'), (2, lower('Y'))", undefined],
    ['(a) VALUES (1)', undefined],
    ["(a, b) VALUES (1)", undefined],
    ["VALUES (1, 'x')", undefined],
  ])('%s', (sql, expected) => {
    expect(inserted('SQLite', sql, pair)).toEqual(expected)
  })

  it('by parameters', () => {
    expect(inserted('PostgreSQL', '(id, x) VALUES ($1, $2), ($3, DEFAULT)', [id], [1, 'a', '2'])).toEqual(['1', '2'])
    const parameter = new MssqlParameter(5, 'int')
    expect(inserted('MSSQL', '(id) VALUES (@0)', [id], [parameter])).toEqual(['5'])
    expect(chosen('MSSQL', 'id = @0', [id], [parameter])).toEqual(['5'])
  })
})

describe('what is a key', () => {
  const finder = new RowFinder([], dialects.PostgreSQL)
  const columns = (...names: string[]) => names.map((name) => ({ name, isQuoted: true }))

  it.each([[['a', 'b'], true], [['b', 'a'], true], [['a'], false], [['a', 'b', 'c'], false], [['a', 'a'], false], [['a', 'B'], false], [[], false]] as const)('%o: %s', (names, isKey) => {
    expect(finder.isKey(columns(...names), pair)).toBe(isKey)
  })
})

describe('drivers that do more with parameters', () => {
  it('mysql2 puts what is SQL into the text', () => {
    const sql = { toSqlString: () => '2 OR id = 6' }
    expect(chosen('MySQL', 'id = 5 AND x = ?', [id], [sql])).toBeUndefined()
    expect(inserted('MySQL', '(id, x) VALUES (5, ?)', [id], [sql])).toBeUndefined()
    expect(chosen('PostgreSQL', 'id = 5 AND x = $1', [id], [sql])).toEqual(['5'])
    expect(chosen('MySQL', 'id = 5 AND x = ?', [id], [{ a: 1 }])).toEqual(['5'])
  })

  it('better-sqlite3 takes a list for as many parameters', () => {
    expect(chosen('SQLite', 'x = ? AND y = ? AND id = ? AND z = ?', [id], [[1, 2], 5, 7])).toBeUndefined()
    expect(chosen('SQLite', 'id = 5 AND x = ?', [id], [[1]])).toEqual(['5'])
    expect(chosen('PostgreSQL', 'x = ANY($1) AND id = $2', [id], [[1, 2], 5])).toEqual(['5'])
  })
})
