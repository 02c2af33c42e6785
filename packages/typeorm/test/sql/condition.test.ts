import { describe, expect, it } from 'vitest'
import { readCondition } from '../../src/sql/condition.ts'
import { Cursor } from '../../src/sql/cursor.ts'
import { tokensOf } from '../../src/sql/token.ts'
import { conditionText, type DatabaseName, databaseNames, dialects } from '../support/sql.ts'

const condition = (database: DatabaseName, sql: string): string => conditionText(readCondition(new Cursor(tokensOf(sql, dialects[database]))))

describe('what is known', () => {
  it.each([
    ['id = 1', 'id=1'],
    ['ID=1', 'ID=1'],
    ["name = 'it''s'", `name="it's"`],
    ['id = -1', 'id=-1'],
    ['id = - 1', 'id=-1'],
    ['id = 007', 'id=7'],
    ['t.id = 1', 'id=1'],
    ['id IN (1)', 'id=1'],
    ["id in (1, -2, '3')", 'id=1/-2/"3"'],
    ['(id = 1)', 'id=1'],
    ['((id) = 1)', '?'],
    ['id = 1 AND b = 2', '(id=1 & b=2)'],
    ['id = 1 OR b = 2', '(id=1 | b=2)'],
    ['id = 1 OR b = 2 AND c = 3', '(id=1 | (b=2 & c=3))'],
    ['(id = 1 OR b = 2) AND c = 3', '((id=1 | b=2) & c=3)'],
    ['id = 1 AND (b = 2 AND c = 3)', '(id=1 & (b=2 & c=3))'],
    ['id = 1 AND b > 2', '(id=1 & ?)'],
    ['id = 1 AND b LIKE 2 AND c = 3', '(id=1 & ? & c=3)'],
    ['id = 1 AND NOT b = 2', '(id=1 & ?)'],
    ['b = 1 + 1 AND id = 1', '(? & id=1)'],
    ['id = 1 AND f(a, b) = 2 AND EXISTS (SELECT 1 FROM t WHERE id = 5 OR id = 6)', '(id=1 & ? & ?)'],
  ])('%s', (sql, expected) => {
    for (const database of databaseNames) expect(condition(database, sql), database).toBe(expected)
  })

  it.each<[DatabaseName, string, string]>([
    ['PostgreSQL', '"users"."id" = $1', 'id=#0'],
    ['PostgreSQL', '"id" IN ($2, $1)', 'id=#1/#0'],
    ['PostgreSQL', '( (("a" = $1 AND "b" = $2)) OR (("a" = $3 AND "b" = $4)) )', '((a=#0 & b=#1) | (a=#2 & b=#3))'],
    ['MySQL', '`id` = ? AND `b` = ?', '(id=#0 & b=#1)'],
    ['SQLite', '[id] = ? OR `id` = ?', '(id=#0 | id=#1)'],
    ['MSSQL', '"id" = @0', 'id=#0'],
    ['Oracle', '"id" = :1', 'id=#0'],
  ])('%s: %s', (database, sql, expected) => {
    expect(condition(database, sql)).toBe(expected)
  })
})

describe('where it ends', () => {
  it.each([
    ['id = 1 RETURNING *', 'id=1'],
    ['id = 1 ORDER BY b LIMIT 1', 'id=1'],
    ['id = 1 LIMIT 1', 'id=1'],
    ['id = 1 OPTION (RECOMPILE)', 'id=1'],
    ['id = 1 AND b = 2 RETURNING id, b', '(id=1 & b=2)'],
    ['id = 1 ELSE', 'id=1'],
    ['id = 1 RETURNING a AND b', 'id=1'],
    ['id = 1 RETURNING (a OR b)', 'id=1'],
    // Behind what only looks like the end, there may be more.
    ['id = 1 AND b = option OR id = 2', '?'],
    ['id = 1 AND b > end OR id = 2', '?'],
    ['id = 1 AND b = returning OR id = 2', '?'],
    ['(id = 1 AND b = option OR id = 2)', '?'],
    ['id = 1 AND b = option AND c = 3', '(id=1 & ?)'],
    ['option = 1 OR id = 2', '(option=1 | id=2)'],
    ['id = 1 UNION', '?'],
    ['id = 1 )', '?'],
    ['id = 1 SET a = 2', '?'],
    ['', '?'],
  ])('%s', (sql, expected) => {
    expect(condition('SQLite', sql)).toBe(expected)
  })
})

describe('what says nothing', () => {
  it.each([
    'NOT id = 1',
    'NOT (id = 1)',
    'NOT id IN (1)',
    '!(id = 1)',
    'id NOT IN (1)',
    'id IN ()',
    'id IN (1, NULL)',
    'id IN (1, b)',
    'id IN (1, 2 + 3)',
    'id IN (SELECT 1)',
    'id IN (VALUES (1))',
    'id IN (1) = 0',
    'id IN (1) IS NOT TRUE',
    'id <> 1',
    'id != 1',
    'id >= 1',
    'id <= 1',
    'id == 1',
    'id = 1 = 0',
    'id = 1 IS FALSE',
    'id = 1 + 1',
    'id = 1 IS NULL',
    '(id = 1) = 0',
    '(id = 1) IS NOT TRUE',
    'id = NULL',
    'id = TRUE',
    'id = b',
    'id = (1)',
    'id = +1',
    'id = 1.0',
    'id = 1e0',
    'id = 0x1',
    'id = 1_0',
    "id = 'a' 'b'",
    "id = 'a' COLLATE NOCASE",
    "id COLLATE NOCASE = 'a'",
    "id = 'a\\b'",
    "id = N'a'",
    "id = X'61'",
    "id = DATE '2026-01-01'",
    'id = CAST(1 AS text)',
    'CAST(id AS text) = 1',
    'lower(id) = 1',
    'id + 0 = 1',
    '-id = 1',
    '1 = id',
    "'id' = 1",
    'id = ANY (1)',
    'id IS 1',
    'id LIKE 1',
    'id BETWEEN 1 AND 1',
    'b BETWEEN 0 AND 1 AND id = 1',
    'id = 1 OR b BETWEEN 0 AND id = 1',
    'CASE WHEN b AND id = 1 AND c THEN 0 ELSE 1 END',
    'CASE id WHEN 1 THEN 1 END = 1',
    'id = 1 XOR b = 1',
    'id = 1 AND b XOR c',
    'id = 1 AND b || c = 1',
    '(id, b) = (1, 2)',
    '(id, b) IN ((1, 2))',
    'EXISTS (SELECT 1 WHERE id = 1)',
    '(SELECT b FROM t WHERE id = 1)',
    '(WITH t AS (SELECT 1) SELECT id = 1)',
    'CURRENT OF c',
    'PRIOR id = 1',
    'BINARY id = 1',
    // JSON of Oracle
    't.doc.id = 1',
    't.* = 1',
  ])('%s', (sql) => {
    for (const database of databaseNames) expect(condition(database, sql), database).toMatch(/^\??$|^\(\?( [&|] \?)*\)$/)
  })

  it.each<[DatabaseName, string]>([
    ['MySQL', 'id = 1 || b = 2'],
    ['MySQL', 'id = 1 && b = 2'],
    ['MySQL', '"id" = 1'],
    ['MySQL', 'id = "a"'],
    ['MySQL', 'id <=> 1'],
    ['MySQL', 'id = :name'],
    ['MySQL', "id = ?? AND ? = 'a?b'"],
    ['SQLite', 'id = :name'],
    ['SQLite', 'id = "a"'],
    ['PostgreSQL', 'id = $1::int'],
    ['PostgreSQL', 'id::text = $1'],
    ['PostgreSQL', 'id = ANY($1)'],
    ['PostgreSQL', '(a).id = $1'],
    ['PostgreSQL', "id = E'a'"],
    ['PostgreSQL', "a ->> 'b' = 'c' || id = 1"],
    ['PostgreSQL', 'id IS NOT DISTINCT FROM $1'],
    ['MSSQL', 'id = @name'],
    ['Oracle', 'id (+) = :1'],
    ['Oracle', "id = q'[1]'"],
  ])('%s: %s', (database, sql) => {
    expect(condition(database, sql)).toMatch(/^\?$|^\(\?( [&|] \?)*\)$/)
  })

  it('a part of what is known', () => {
    expect(condition('SQLite', 'id = 1 OR b > 2')).toBe('(id=1 | ?)')
    expect(condition('SQLite', 'id = 1 OR NOT (b = 2 AND c = 3) OR d = 4')).toBe('(id=1 | ? | d=4)')
    expect(condition('SQLite', '(id = 1 OR (b > 2)) AND c = 3')).toBe('((id=1 | ?) & c=3)')
    expect(condition('MSSQL', 'id = 1 AND b = @name')).toBe('(id=1 & ?)')
  })
})
