import { describe, expect, it } from 'vitest'
import { namesIn } from '../../src/sql/reads.ts'
import { type DatabaseName, databaseNames, dialects } from '../support/sql.ts'

const sources = (database: DatabaseName, sql: string): string[] =>
  namesIn(sql, dialects[database]).sources.map(({ name, qualifier }) => (qualifier === undefined ? name : `${qualifier}.${name}`))
const identifiers = (database: DatabaseName, sql: string): ReadonlySet<string> => namesIn(sql, dialects[database]).identifiers

describe('sources', () => {
  it.each([
    ['SELECT a FROM b', ['b']],
    ['SELECT a FROM b AS c, d e, f', ['b', 'd', 'f']],
    ['SELECT a FROM b c (x, y), d', ['b', 'd']],
    ['SELECT a FROM b JOIN c ON b.x = c.x LEFT OUTER JOIN d ON b.y = d.y, e WHERE f IN (g, h)', ['b', 'c', 'd', 'e']],
    // One too many does no harm.
    ['SELECT a FROM b JOIN c USING (x) JOIN d', ['b', 'c', 'x', 'd']],
    ['SELECT a FROM b NATURAL JOIN c CROSS JOIN d', ['b', 'c', 'd']],
    ['SELECT a, (SELECT b FROM c), d FROM e', ['c', 'e']],
    ['SELECT a FROM (SELECT b, c FROM d) e, f', ['d', 'f']],
    ['SELECT a FROM (b, c) JOIN (d JOIN e ON 1 = 1) ON 1 = 1', ['b', 'c', 'd', 'e']],
    ['SELECT a FROM (VALUES (1, 2), (3, 4)) b, c', ['c']],
    ['SELECT a FROM b WHERE c IN (SELECT d FROM e WHERE f = 1) GROUP BY g, h ORDER BY i, j LIMIT 1, 2', ['b', 'e']],
    ['SELECT a FROM b UNION SELECT c, d FROM e', ['b', 'e']],
    ['WITH a AS (SELECT b FROM c) SELECT d FROM a', ['c', 'a']],
    ['SELECT a FROM f(b, c), d', ['d']],
    ['SELECT a FROM b TABLESAMPLE SYSTEM (5), c', ['b', 'c']],
    ['SELECT a FROM b FOR UPDATE', ['b']],
    ['(SELECT a FROM b) UNION (SELECT c FROM d)', ['b', 'd']],
    ['TABLE a', ['a']],
    ['SELECT 1', []],
  ])('%s', (sql, expected) => {
    for (const database of databaseNames) expect(sources(database, sql), database).toEqual(expected)
  })

  it.each<[DatabaseName, string, string[]]>([
    ['PostgreSQL', 'SELECT 1 FROM ONLY a, LATERAL (SELECT 1 FROM b) c, "d"."e"', ['a', 'b', 'd.e']],
    ['PostgreSQL', 'SELECT 1 FROM U&"\\0061b"', ['ab']],
    ['PostgreSQL', 'SELECT 1 FROM a WHERE b IS DISTINCT FROM $1 AND c = 1', ['a']],
    ['MySQL', 'SELECT 1 FROM `a`.`b` STRAIGHT_JOIN c', ['a.b', 'c']],
    ['MySQL', 'SELECT 1 FROM 2fa_codes, app.1st', ['2fa_codes', 'app.1st']],
    ['MySQL', 'SELECT 1 FROM a USE INDEX (b, c), d', ['a', 'd']],
    ['MySQL', 'SELECT 1 FROM "a"."b"', ['a.b']],
    ['MySQL', 'SELECT 1 FROM { OJ a LEFT OUTER JOIN b ON 1 = 1 }, c', ['a', 'b', 'c']],
    ['MSSQL', 'SELECT 1 FROM db..[a b] WITH (NOLOCK), [dbo].c CROSS APPLY (SELECT TOP 1 x FROM d) e OUTER APPLY f', ['db.a b', 'dbo.c', 'd', 'f']],
    ['MSSQL', 'SELECT 1 FROM #a, ##b, @c', ['#a', '##b']],
    ['SQLite', "SELECT 1 FROM 'a'", []],
  ])('%s: %s', (database, sql, expected) => {
    expect(sources(database, sql)).toEqual(expected)
  })
})

describe('identifiers', () => {
  it.each<[DatabaseName, string, string[]]>([
    ['PostgreSQL', 'SELECT u.Name FROM "Users" u', ['u', 'name', 'users']],
    ['PostgreSQL', 'SELECT 1 FROM "app.Users"', ['app.users', 'app', 'users']],
    ['PostgreSQL', 'SELECT 1 FROM U&"\\0055sers"', ['users']],
    ['MySQL', 'SELECT 1 FROM 2fa_codes JOIN `app.users`', ['2fa_codes', 'users']],
    ['MySQL', 'SELECT 1 FROM "users"', ['users']],
    ['MySQL', 'SELECT 1 /*! FROM users */', ['users']],
    ['SQLite', "SELECT 1 FROM 'users', [posts]", ['users', 'posts']],
    ['MSSQL', 'SELECT 1 FROM [db].[dbo].[users]', ['users']],
    // Read in more than one way, all of it counts.
    ['MySQL', "SELECT '\\' FROM users -- '", ['users']],
    ['MySQL', 'SELECT 1 FROM /*! users -- */ posts', ['users', 'posts']],
    ['SQLite', 'SELECT 1 -- \r FROM users', ['users']],
    ['SQLite', 'SELECT 1 FROM a\u00a0b', ['a', 'b', 'a\u00a0b']],
  ])('%s: %s', (database, sql, expected) => {
    for (const name of expected) expect(identifiers(database, sql)).toContain(name)
  })

  it('are not what is in comments', () => {
    for (const database of databaseNames) expect(identifiers(database, 'SELECT 1 -- users\n /* posts */')).not.toContain('users')
    expect(identifiers('PostgreSQL', '/* /* */ users */ SELECT 1')).toEqual(new Set(['select']))
  })
})
