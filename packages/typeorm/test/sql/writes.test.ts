import { describe, expect, it } from 'vitest'
import type { TableName } from '../../src/sql/cursor.ts'
import { effectsOf } from '../../src/sql/effects.ts'
import { type DatabaseName, databaseNames, dialects, told } from '../support/sql.ts'

type Case = [DatabaseName, string, readonly string[]]

const check = (cases: readonly Case[]): void =>
  it.each(cases)('%s: %s', (database, sql, expected) => {
    expect(told(database, sql)).toEqual(expected)
  })

describe('what TypeORM writes', () => {
  it.each<[DatabaseName, string, readonly unknown[], string]>([
    ['PostgreSQL', 'UPDATE "users" SET "name" = $1 WHERE "id" = $2', ['a', 5], 'update users 5 sets name'],
    ['PostgreSQL', 'UPDATE "users" SET "name" = $1, "n" = CURRENT_TIMESTAMP WHERE "id" IN ($2, $3)', ['a', 5, '6'], 'update users 5,6 sets name,n'],
    ['PostgreSQL', 'UPDATE "users" SET "score" = score + 5 WHERE "id" = $1', [5], 'update users 5 sets score'],
    ['PostgreSQL', 'UPDATE "app"."users" SET "deletedAt" = CURRENT_TIMESTAMP WHERE ( "id" = $1 AND "deletedAt" IS NULL ) RETURNING "deletedAt"', [5], 'update app.users 5 sets deletedAt'],
    ['PostgreSQL', 'DELETE FROM "users" WHERE "id" = $1', [5], 'delete users 5'],
    ['PostgreSQL', 'DELETE FROM "users" WHERE ( (("id" = $1 AND "b" = $2)) OR (("id" = $3 AND "b" = $4)) )', [1, 2, 3, 4], 'delete users 1,3'],
    ['PostgreSQL', 'INSERT INTO "users"("id", "name") VALUES (DEFAULT, $1) RETURNING "id"', ['a'], 'insert users'],
    ['PostgreSQL', 'INSERT INTO "users"("id", "name") VALUES ($1, $2), ($3, DEFAULT)', [1, 'a', 2], 'insert users 1,2'],
    ['PostgreSQL', 'INSERT INTO "users" AS "User"("id", "name") VALUES ($1, $2) ON CONFLICT ( "id" ) DO UPDATE SET "name" = EXCLUDED."name"', [1, 'a'], 'insert users 1 over id'],
    ['PostgreSQL', 'INSERT INTO "users" DEFAULT VALUES RETURNING "id"', [], 'insert users'],
    ['MySQL', 'UPDATE `users` SET `name` = ? WHERE `id` IN (?)', ['a', 5], 'update users 5 sets name'],
    ['MySQL', 'INSERT INTO `users`(`id`, `name`) VALUES (DEFAULT, ?)', ['a'], 'insert users'],
    ['MySQL', 'INSERT INTO `users`(`id`, `name`) VALUES (?, ?) ON DUPLICATE KEY UPDATE `name` = VALUES(`name`)', [1, 'a'], 'insert users 1 over any'],
    ['SQLite', 'UPDATE "users" SET "name" = ? WHERE "id" = ?', ['a', 5], 'update users 5 sets name'],
    ['SQLite', 'DELETE FROM "users" WHERE "id" IN (?, ?)', [1, 2], 'delete users 1,2'],
    ['MSSQL', 'UPDATE "users" SET "name" = @0 OUTPUT INSERTED."name", INSERTED."n" WHERE "id" = @1', ['a', 5], 'update users 5 sets name'],
    ['MSSQL', 'DELETE FROM "users" OUTPUT DELETED."id", DELETED."name" WHERE "id" IN (@0)', [5], 'delete users 5'],
    ['MSSQL', 'INSERT INTO "users"("id", "name") OUTPUT INSERTED."id", INSERTED."name" VALUES (@0, @1)', [5, 'a'], 'insert users 5'],
    ['Oracle', 'UPDATE "users" SET "name" = :1 WHERE "ID" = :2', ['a', 5], 'update users 5 sets name'],
    ['Oracle', 'INSERT INTO "users"("ID", "name") VALUES (:1, :2) RETURNING "ID" INTO :3', [5, 'a'], 'insert users 5'],
    ['HANA', 'DELETE FROM "users" WHERE "ID" = ?', [5], 'delete users 5'],
    ['Spanner', 'DELETE FROM `users` WHERE `id` = @param0', [5], 'delete users *'],
  ])('%s: %s', (database, sql, parameters, expected) => {
    expect(told(database, sql, parameters)).toEqual([expected])
  })
})

it.each<[DatabaseName, string, TableName]>([
  ['PostgreSQL', 'UPDATE users SET a = 1', { name: 'users', qualifier: undefined }],
  ['PostgreSQL', 'UPDATE app."Users" SET a = 1', { name: 'Users', qualifier: 'app' }],
  ['PostgreSQL', 'UPDATE "app.users" SET a = 1', { name: 'users', qualifier: 'app' }],
  ['MySQL', 'UPDATE `db`.`app.users` SET a = 1', { name: 'users', qualifier: 'db.app' }],
  ['MSSQL', 'UPDATE [db]..[users] SET a = 1', { name: 'users', qualifier: 'db' }],
])('%s: the table of %s', (database, sql, table) => {
  expect(effectsOf(sql, dialects[database])).toMatchObject([{ write: { table } }])
})

describe('INSERT', () => {
  it.each([
    ['INSERT INTO t VALUES (1, 2)', ['insert t']],
    ['INSERT INTO t (id, a) VALUES (1, 2)', ['insert t 1']],
    ['insert into t(a, id) values (f(1, 2), 3), (CASE WHEN b THEN 1 END, 4)', ['insert t 3,4']],
    ['INSERT INTO t (id, a) VALUES (1 + 1, 2)', ['insert t']],
    ['INSERT INTO t (id) VALUES (1), (NULL)', ['insert t']],
    ['INSERT INTO t (id) VALUES (1), (f(2))', ['insert t']],
    ['INSERT INTO t (a) VALUES (1)', ['insert t']],
    ['INSERT INTO t (id, a) SELECT 1, a FROM b', ['insert t']],
    ['INSERT INTO t (id) SELECT id FROM a JOIN b ON a.x = b.x', ['insert t']],
    ['INSERT INTO a.b.t (id) VALUES (1)', ['insert a.b.t 1']],
    ['INSERT INTO t DEFAULT VALUES', ['insert t']],
    ['INSERT INTO t () VALUES ()', ['insert t']],
  ])('%s', (sql, expected) => {
    for (const database of databaseNames) expect(told(database, sql), database).toEqual(database === 'MSSQL' && /^INSERT INTO t \(id.*\) SELECT/.test(sql) ? ['insert t'] : expected)
  })

  it('of many rows says nothing of them', () => {
    const insert = (count: number): string => `INSERT INTO t (id) VALUES ${Array.from({ length: count }, (_, i) => `(${i})`).join()} ON CONFLICT (id) DO UPDATE SET a = 1`
    expect(told('PostgreSQL', insert(100))[0]).toMatch(/^insert t 0,1,.*,99 over id$/)
    expect(told('PostgreSQL', insert(101))).toEqual(['insert t over id'])
  })

  check([
    ['PostgreSQL', 'INSERT INTO t (id) VALUES (1) ON CONFLICT DO NOTHING', ['insert t 1']],
    ['PostgreSQL', 'INSERT INTO t (id) VALUES (1) ON CONFLICT DO UPDATE SET a = 1', ['insert t 1 over any']],
    ['PostgreSQL', 'INSERT INTO t (id) VALUES (1) ON CONFLICT (a, b) WHERE a > 1 DO UPDATE SET a = 1 WHERE t.b = 2', ['insert t 1 over a,b']],
    ['PostgreSQL', 'INSERT INTO t (id) VALUES (1) ON CONFLICT ON CONSTRAINT pk DO UPDATE SET a = 1', ['insert t 1 over any']],
    ['PostgreSQL', 'INSERT INTO t (id) VALUES (1) ON CONFLICT (lower(a)) DO UPDATE SET a = 1', ['insert t 1 over any']],
    ['PostgreSQL', 'INSERT INTO t (id) VALUES (1) ON CONFLICT (id COLLATE "C") DO UPDATE SET a = 1', ['insert t 1 over any']],
    ['PostgreSQL', 'INSERT INTO t VALUES (1) ON CONFLICT (id) DO UPDATE SET a = 1', ['insert t over id']],
    ['PostgreSQL', 'INSERT INTO t (id) TABLE a ON CONFLICT (id) DO UPDATE SET a = 1', ['insert t over id']],
    ['PostgreSQL', 'INSERT INTO t (id) SELECT 1 FROM a JOIN b ON a.x = b.x ON CONFLICT (id) DO UPDATE SET a = 1', ['insert t over id']],
    // The value that is given is not the one that is taken.
    ['PostgreSQL', 'INSERT INTO t (id) OVERRIDING USER VALUE VALUES (1) ON CONFLICT (id) DO UPDATE SET a = 1', ['insert t over id']],
    ['PostgreSQL', 'INSERT INTO U&"\\0074" (id) VALUES (1)', ['insert t 1']],
    ['SQLite', 'INSERT OR REPLACE INTO t (id) VALUES (1)', ['insert t 1 over any']],
    ['SQLite', 'INSERT OR IGNORE INTO t (id) VALUES (1)', ['insert t 1']],
    ['SQLite', 'INSERT OR ABORT INTO t (id) VALUES (1)', ['insert t 1']],
    ['SQLite', 'REPLACE INTO t (id) VALUES (1)', ['insert t 1 over any']],
    ['SQLite', 'INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO NOTHING ON CONFLICT (a) DO UPDATE SET b = 1', ['insert t 1 over a']],
    ['SQLite', 'INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET b = 1 ON CONFLICT DO NOTHING', ['insert t 1 over id']],
    ['SQLite', 'INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET b = 1 ON CONFLICT (a) DO UPDATE SET b = 2', ['insert t 1 over any']],
    ['SQLite', "INSERT INTO 't' VALUES (1)", ['unknown']],
    ['SQLite', "INSERT INTO main.'t' VALUES (1)", ['unknown']],
    ['SQLite', 'WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a', ['insert t']],
    ['MySQL', 'INSERT IGNORE INTO t (id) VALUES (1)', ['insert t 1']],
    ['MySQL', 'INSERT t (id) VALUES (1)', ['insert t 1']],
    ['MySQL', 'INSERT LOW_PRIORITY IGNORE t SET id = 1', ['insert t']],
    ['MySQL', 'INSERT INTO t SET id = 1, a = 2 ON DUPLICATE KEY UPDATE a = 2', ['insert t over any']],
    ['MySQL', 'INSERT INTO t (id) VALUES (1) AS new (id) ON DUPLICATE KEY UPDATE a = new.id', ['insert t 1 over any']],
    ['MySQL', 'INSERT INTO t (id) VALUE (1)', ['insert t 1']],
    ['MySQL', 'INSERT INTO t PARTITION (p0) (id) VALUES (1)', ['insert t']],
    ['MySQL', 'REPLACE t (id) VALUES (1)', ['insert t 1 over any']],
    ['MySQL', 'REPLACE DELAYED INTO t SET id = 1', ['insert t over any']],
    ['MySQL', 'REPLACE INTO t VALUES ROW(1, 2)', ['insert t over any']],
    ['MySQL', 'INSERT INTO 2fa_codes (id) VALUES (1)', ['insert 2fa_codes 1']],
    ['MySQL', 'INSERT INTO ?? SET ?', ['unknown']],
    ['MySQL', 'INSERT INTO overwrite VALUES (1)', ['insert overwrite']],
    ['MSSQL', 'INSERT t (id) VALUES (1)', ['insert t 1']],
    ['MSSQL', 'INSERT TOP (5) INTO t (id) SELECT 1', ['insert t']],
    ['MSSQL', 'INSERT TOP (5) PERCENT t (id) SELECT 1', ['insert t']],
    ['MSSQL', 'INSERT INTO t WITH (TABLOCK) (id) VALUES (1)', ['insert t']],
    ['MSSQL', 'INSERT INTO t (id) OUTPUT inserted.id INTO audit (id) VALUES (1)', ['insert t 1', 'insert audit']],
    ['MSSQL', 'INSERT t OUTPUT inserted.id INTO audit VALUES (1)', ['insert t', 'insert audit']],
    ['MSSQL', 'INSERT INTO t OUTPUT inserted.id INTO @ids VALUES (1)', ['insert t']],
    ['MSSQL', 'INSERT INTO @t (id) VALUES (1)', []],
    ['MSSQL', 'INSERT INTO t EXEC p', ['insert t', 'unknown']],
    ['MSSQL', 'INSERT INTO a SELECT id FROM (DELETE FROM b OUTPUT deleted.id WHERE id = 1) AS d', ['insert a', 'delete b *']],
    ['Oracle', 'INSERT INTO t a (id) VALUES (1)', ['insert t']],
    ['Oracle', 'INSERT ALL INTO a (id) VALUES (1) INTO b VALUES (2) SELECT * FROM dual', ['insert a', 'insert b']],
    ['Oracle', 'INSERT FIRST WHEN x > 1 THEN INTO a ELSE INTO b SELECT x FROM c', ['insert a', 'insert b']],
    ['Oracle', 'INSERT INTO (SELECT id, a FROM t WHERE a > 1 WITH CHECK OPTION) VALUES (1, 2)', ['update t * sets *']],
    ['Oracle', 'INSERT INTO TABLE(SELECT p.items FROM p WHERE id = 1) VALUES (1)', ['update p * sets *']],
    ['Oracle', "INSERT INTO t (id) SELECT 1 FROM a LOG ERRORS INTO err$_t ('x') REJECT LIMIT 5", ['insert t', 'insert err$_t']],
    ['HANA', 'UPSERT t (id) VALUES (1) WITH PRIMARY KEY', ['insert t 1 over any']],
    ['HANA', 'UPSERT t VALUES (1)', ['insert t over any']],
    ['Spanner', 'INSERT OR UPDATE INTO t (id) VALUES (1)', ['insert t 1 over any']],
    ['Spanner', 'INSERT OR IGNORE t (id) VALUES (1)', ['insert t 1']],
    ['PostgreSQL', 'UPSERT INTO t (id) VALUES (1)', ['insert t 1 over any']],
  ])
})

describe('UPDATE', () => {
  it.each([
    ['UPDATE t SET a = 1', ['update t * sets a']],
    ['UPDATE t SET a = 1, b = f(2, 3) WHERE id = 5', ['update t 5 sets a,b']],
    ['UPDATE t AS x SET a = 1 WHERE x.id = 5', ['update t 5 sets a']],
    ['UPDATE t x SET x.a = 1 WHERE x.id = 5', ['update t 5 sets a']],
    ['UPDATE t SET a = (SELECT b FROM c WHERE id = 1) WHERE id IN (5, 6)', ['update t 5,6 sets a']],
    ['UPDATE t SET a = CASE WHEN b THEN 1 ELSE 2 END, c = 3 WHERE id = 5', ['update t 5 sets a,c']],
    ['UPDATE t SET (a, b) = (SELECT 1, 2) WHERE id = 5', ['update t 5 sets *']],
    ['UPDATE t SET a = 1 WHERE id = 5 OR a = 1', ['update t * sets a']],
    ['UPDATE t SET a = 1 WHERE id = 5 AND (a = 1 OR b = 2)', ['update t 5 sets a']],
    ['UPDATE t SET a = 1 WHERE NOT id = 5', ['update t * sets a']],
    // Columns that are called as what may come behind them.
    ['UPDATE t SET a = output, id = 6 WHERE id = 5', ['update t 5 sets *']],
    ['UPDATE t SET a = limit, id = 6 WHERE id = 5', ['update t 5 sets *']],
    ['UPDATE t SET a = returning + 1, id = 6 WHERE id = 5', ['update t 5 sets *']],
    ['UPDATE top SET a = 1 WHERE id = 5', ['update top 5 sets a']],
    ['UPDATE fail SET a = 1 WHERE id = 5', ['update fail 5 sets a']],
    ['UPDATE a.b SET a = 1', ['update a.b * sets a']],
    ['UPDATE f(x) SET a = 1', ['unknown']],
  ])('%s', (sql, expected) => {
    for (const database of databaseNames) expect(told(database, sql), database).toEqual(expected)
  })

  check([
    ['PostgreSQL', 'UPDATE "app.t" SET a = 1 WHERE id = 5', ['update app.t 5 sets a']],
    ['PostgreSQL', 'UPDATE ONLY t SET a = 1 WHERE id = 5', ['update t 5 sets a']],
    ['PostgreSQL', 'UPDATE ONLY (t) SET a = 1 WHERE id = 5', ['update t 5 sets a']],
    ['PostgreSQL', 'UPDATE t * SET a = 1 WHERE id = 5', ['update t 5 sets a']],
    ['PostgreSQL', 'UPDATE t SET a[1] = 1 WHERE id = 5', ['update t 5 sets *']],
    ['PostgreSQL', 'UPDATE t SET a = b.a FROM b WHERE b.id = t.id AND b.id = 5', ['update t * sets *', 'update b * sets *']],
    ['PostgreSQL', 'WITH b AS (SELECT id FROM t JOIN c ON 1 = 1) UPDATE t SET a = 1 FROM b', ['update t * sets *', 'update b * sets *']],
    ['PostgreSQL', 'UPDATE t SET a = 1 FROM (SELECT id FROM b) c, d WHERE id = 5', ['update t * sets *', 'update b * sets *', 'update d * sets *']],
    ['PostgreSQL', 'UPDATE t SET a = b IS DISTINCT FROM c, id = 6 WHERE id = 5', ['update t * sets *', 'update c * sets *', 'update id * sets *']],
    ['PostgreSQL', 'UPDATE t SET a = b IS DISTINCT FROM 5, id = 6 WHERE id = 5', ['update t * sets *', 'update id * sets *']],
    ['PostgreSQL', "UPDATE t SET a = b IS DISTINCT FROM 'x', id = 6 WHERE id = 5", ['unknown']],
    ['PostgreSQL', 'UPDATE t SET a = 1 WHERE CURRENT OF c', ['update t * sets a']],
    ['PostgreSQL', 'UPDATE ignore SET a = 1 WHERE id = 5', ['update ignore 5 sets a']],
    ['PostgreSQL', "UPDATE U&\"!0074\" UESCAPE '!' SET a = 1", ['update t * sets a']],
    ['MySQL', 'UPDATE LOW_PRIORITY IGNORE t SET a = 1 WHERE id = 5 ORDER BY a LIMIT 1', ['update t 5 sets a']],
    ['MySQL', 'UPDATE quick SET a = 1 WHERE id = 5', ['update quick 5 sets a']],
    ['MySQL', 'UPDATE a, b SET a.x = 1, b.y = 2 WHERE a.id = 5', ['update a * sets *', 'update b * sets *']],
    ['MySQL', 'UPDATE a x JOIN b y ON x.id = y.id LEFT JOIN c USING (z) SET y.a = 1', ['update a * sets *', 'update b * sets *', 'update c * sets *', 'update z * sets *']],
    ['MySQL', 'UPDATE a STRAIGHT_JOIN b SET b.x = 1', ['update a * sets *', 'update b * sets *']],
    ['MySQL', 'UPDATE (a, b) SET b.x = 1', ['update a * sets *', 'update b * sets *']],
    ['MySQL', 'UPDATE a JOIN (b, c) ON a.x = b.x SET c.x = 1', ['update a * sets *', 'update b * sets *', 'update c * sets *']],
    ['MySQL', 'UPDATE a JOIN (SELECT x FROM b) c ON 1 = 1 SET a.x = 1', ['update a * sets *', 'update b * sets *']],
    ['MySQL', 'UPDATE { OJ a LEFT OUTER JOIN b ON 1 = 1 } SET b.x = 1', ['update a * sets *', 'update b * sets *']],
    ['MySQL', 'UPDATE a offset, b limit SET b.x = 1', ['update a * sets *', 'update b * sets *']],
    ['MySQL', 'UPDATE a JOIN output ON 1 = 1 JOIN offset SET offset.x = 1', ['update a * sets *', 'update output * sets *', 'update offset * sets *']],
    ['MySQL', 'UPDATE 2fa_codes, app.1st SET a = 1', ['update 2fa_codes * sets *', 'update app.1st * sets *']],
    ['MySQL', 'UPDATE ?? SET ? WHERE id = 5', ['unknown']],
    ['MySQL', 'UPDATE a JOIN ?? SET a.x = 1', ['unknown']],
    ['MySQL', 'UPDATE ? SET a = 1', ['unknown']],
    ['MySQL', 'UPDATE "t" SET a = 1', ['update t * sets a']],
    ['SQLite', 'UPDATE OR REPLACE t SET id = 6 WHERE id = 5', ['update t * sets *', 'delete t *']],
    ['SQLite', 'UPDATE OR IGNORE t SET a = 1 WHERE id = 5', ['update t 5 sets a']],
    ['SQLite', 'UPDATE OR FAIL t SET a = 1 WHERE id = 5', ['update t 5 sets a']],
    ['SQLite', "UPDATE 't' SET a = 1", ['unknown']],
    ['SQLite', 'UPDATE t INDEXED BY i SET a = 1 WHERE id = 5', ['update t 5 sets a']],
    ['SQLite', 'WITH a AS (SELECT 1) UPDATE t SET a = 1 WHERE id = 5', ['update t * sets a']],
    ['MSSQL', 'UPDATE TOP (1) t SET a = 1 WHERE id = 5', ['update t 5 sets a']],
    ['MSSQL', 'UPDATE t WITH (ROWLOCK, UPDLOCK) SET a = 1 WHERE id = 5', ['update t 5 sets a']],
    ['MSSQL', 'UPDATE x SET a = 1 FROM t AS x WHERE x.id = 5', ['update x * sets *', 'update t * sets *']],
    ['MSSQL', 'UPDATE x SET a = 1 FROM (SELECT * FROM t WHERE id < 5) x', ['update x * sets *', 'update t * sets *']],
    ['MSSQL', 'UPDATE t SET @x = a = 1 WHERE id = 5', ['update t 5 sets *']],
    ['MSSQL', 'UPDATE t SET a += 1 WHERE id = 5', ['update t 5 sets *']],
    ['MSSQL', "UPDATE t SET a.WRITE('x', 0, 1) WHERE id = 5", ['update t 5 sets *']],
    ['MSSQL', 'UPDATE t SET a = 1 OUTPUT deleted.id, inserted.a INTO audit (x, y) FROM t JOIN b ON 1 = 1 WHERE t.id = 5', ['update t * sets *', 'update t * sets *', 'update b * sets *', 'insert audit']],
    ['MSSQL', 'UPDATE @t SET a = 1', []],
    ['MSSQL', 'UPDATE db..t SET a = 1 WHERE id = 5 OPTION (RECOMPILE)', ['update db.t 5 sets a']],
    ['MSSQL', 'WITH c AS (SELECT TOP 5 * FROM t ORDER BY a) UPDATE c SET a = 1', ['update c * sets a', 'update t * sets *', 'delete t *']],
    ['MSSQL', 'WITH c AS (SELECT a FROM t) UPDATE b SET a = 1', ['update b * sets a']],
    ['MSSQL', "UPDATE OPENQUERY(s, 'SELECT 1') SET a = 1", ['unknown']],
    ['Oracle', 'UPDATE (SELECT a.x, b.y FROM a JOIN b ON a.id = b.id) SET x = y', ['update a * sets *', 'update b * sets *']],
    ['Oracle', 'UPDATE ONLY (t) SET a = 1', ['update t * sets a']],
    ['Oracle', 'UPDATE TABLE(SELECT p.items FROM p) SET a = 1', ['update p * sets a']],
    ['Oracle', 'UPDATE t SET a = 1 WHERE t.doc.id = 5', ['update t * sets a']],
    ['Oracle', 'UPDATE t@remote SET a = 1 WHERE id = 5', ['update t 5 sets a']],
    ['Oracle', 'UPDATE users#2 SET a = 1', ['update users#2 * sets a']],
    ['Spanner', 'UPDATE t@{FORCE_INDEX=i} SET a = 1 WHERE id = 5', ['update t 5 sets a']],
  ])

  it.each<[DatabaseName, string, readonly unknown[], string]>([
    ['Oracle', 'UPDATE t SET a = :2 WHERE id = :1', [1, 2], 'update t 2 sets a'],
    ['SQLite', 'UPDATE t SET a = ?3 WHERE id = ?', [1, 2, 3, 4], 'update t * sets a'],
    ['SQLite', 'UPDATE t SET a = :a WHERE id = ?', [1, 2], 'update t * sets a'],
    ['SQLite', 'UPDATE t SET a = ?2 WHERE id = ?1', [1, 2], 'update t 1 sets a'],
    ['MySQL', "UPDATE t SET a = 'why?' WHERE id = ?", [1, 2], 'update t * sets a'],
    ['MySQL', 'UPDATE t SET ?? = ? WHERE id = ?', ['a', 1, 2], 'update t 2 sets *'],
    ['PostgreSQL', 'UPDATE t SET a = $2 WHERE id = $1', [1, 2], 'update t 1 sets a'],
  ])('%s, which counts parameters in its own way: %s', (database, sql, parameters, expected) => {
    expect(told(database, sql, parameters)).toEqual([expected])
  })
})

describe('DELETE', () => {
  it.each([
    ['DELETE FROM t', ['delete t *']],
    ['DELETE FROM t WHERE id = 5', ['delete t 5']],
    ['delete from t where (id = 5) or (id in (6, 7))', ['delete t 5,6,7']],
    ['DELETE FROM t x WHERE x.id = 5', ['delete t 5']],
    ['DELETE FROM t WHERE id IN (SELECT id FROM b)', ['delete t *']],
    ['DELETE FROM t WHERE id = 5 AND EXISTS (SELECT 1 FROM b WHERE b.x = t.x OR b.id = 6)', ['delete t 5']],
    ['DELETE FROM top WHERE id = 5', ['delete top 5']],
  ])('%s', (sql, expected) => {
    for (const database of databaseNames) expect(told(database, sql), database).toEqual(expected)
  })

  check([
    ['PostgreSQL', 'DELETE FROM ONLY t * WHERE id = 5', ['delete t 5']],
    ['PostgreSQL', 'DELETE FROM ONLY (t) WHERE id = 5', ['delete t 5']],
    ['PostgreSQL', 'DELETE FROM t USING b, (SELECT 1 FROM c) d WHERE t.id = b.id AND t.id = 5', ['delete t *', 'delete b *', 'delete c *']],
    ['PostgreSQL', 'DELETE FROM t WHERE id = 5 RETURNING (SELECT 1 FROM b)', ['delete t 5']],
    ['MySQL', 'DELETE LOW_PRIORITY QUICK IGNORE FROM t WHERE id = 5', ['delete t 5']],
    ['MySQL', 'DELETE FROM t WHERE id = 5 ORDER BY a LIMIT 1', ['delete t 5']],
    ['MySQL', 'DELETE FROM t PARTITION (p0) WHERE id = 5', ['delete t 5']],
    ['MySQL', 'DELETE a, b FROM x AS a JOIN y AS b ON a.id = b.id WHERE a.id = 5', ['delete a *', 'delete b *', 'delete x *', 'delete y *']],
    ['MySQL', 'DELETE a.*, b.* FROM x AS a, y b, z WHERE a.id = 5', ['delete a *', 'delete b *', 'delete x *', 'delete y *', 'delete z *']],
    ['MySQL', 'DELETE FROM a, b USING x AS a JOIN (y AS b, z) WHERE a.id = 5', ['delete a *', 'delete b *', 'delete x *', 'delete y *', 'delete z *']],
    ['MySQL', 'DELETE FROM "t" WHERE "id" = 5', ['delete t *']],
    ['MySQL', 'DELETE FROM ??', ['unknown']],
    ['SQLite', "DELETE FROM 't' WHERE id = 5", ['unknown']],
    ['SQLite', 'DELETE FROM [t] WHERE [id] = 5', ['delete t 5']],
    ['SQLite', 'DELETE FROM t INDEXED BY i WHERE id = 5', ['delete t 5']],
    ['MSSQL', 'DELETE t WHERE id = 5', ['delete t 5']],
    ['MSSQL', 'DELETE TOP (5) FROM t WHERE id = 5', ['delete t 5']],
    ['MSSQL', 'DELETE FROM t WITH (TABLOCK) WHERE id = 5', ['delete t 5']],
    ['MSSQL', 'DELETE x FROM t x JOIN b ON b.id = x.id WHERE x.id = 5', ['delete x *', 'delete t *', 'delete b *']],
    ['MSSQL', 'DELETE x FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY a ORDER BY b) n FROM t) x WHERE n > 1', ['delete x *', 'delete t *']],
    ['MSSQL', 'WITH c AS (SELECT *, ROW_NUMBER() OVER (PARTITION BY a ORDER BY b) n FROM t) DELETE FROM c WHERE n > 1', ['delete c *', 'update t * sets *', 'delete t *']],
    ['MSSQL', 'DELETE FROM t OUTPUT deleted.id, deleted.a INTO audit WHERE id = 5', ['delete t 5', 'insert audit']],
    ['MSSQL', 'DELETE FROM @t', []],
    ['MSSQL', 'DELETE @t OUTPUT deleted.id INTO audit', ['insert audit']],
    ['Oracle', 'DELETE t WHERE id = 5', ['delete t 5']],
    ['Oracle', 'DELETE FROM (SELECT * FROM t) WHERE id = 5', ['delete t 5']],
    ['Oracle', 'DELETE (SELECT * FROM a JOIN b ON 1 = 1)', ['delete a *', 'delete b *']],
    ['Oracle', 'DELETE FROM t WHERE t.doc.id = 5', ['delete t *']],
    ['Oracle', "DELETE FROM t WHERE a = q'['] ' OR id = 2 OR a = q'[ AND id = 1 AND b = ']'", ['delete t *']],
    ['Spanner', 'DELETE FROM t WHERE id = 5 # AND a = 1', ['delete t 5']],
    ['Spanner', 'DELETE FROM t WHERE a = 1 # AND id = 5', ['delete t *']],
    ['Spanner', 'DELETE FROM t WHERE id = 5 THEN RETURN id', ['delete t *']],
    ['Spanner', "DELETE FROM t WHERE a = '\\'' OR id = 2 OR a = ' AND id = 1 AND b = '", ['delete t *']],
  ])
})

describe('MERGE', () => {
  const both = ['update t * sets *', 'delete t *']
  check([
    ['PostgreSQL', 'MERGE INTO t USING b ON t.id = b.id WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id) VALUES (1)', both],
    ['PostgreSQL', 'MERGE INTO ONLY t AS x USING (SELECT * FROM b) s ON x.id = 5 WHEN MATCHED AND (a = 1) THEN UPDATE SET id = 6 RETURNING *', both],
    ['PostgreSQL', 'WITH s AS (DELETE FROM b RETURNING *) MERGE INTO t USING s ON 1 = 1 WHEN MATCHED THEN DO NOTHING', ['delete b *', ...both]],
    ['MSSQL', 'MERGE t WITH (HOLDLOCK) AS x USING (VALUES (1)) s (id) ON x.id = s.id WHEN MATCHED THEN UPDATE SET a = 1 OUTPUT $action, inserted.id INTO audit;', [...both, 'insert audit']],
    ['MSSQL', 'MERGE TOP (5) INTO t USING b ON 1 = 1 WHEN NOT MATCHED BY SOURCE THEN DELETE;', both],
    ['MSSQL', 'MERGE @t USING b ON 1 = 1 WHEN MATCHED THEN DELETE;', []],
    ['MSSQL', 'WITH c AS (SELECT * FROM a) MERGE c USING b ON 1 = 1 WHEN MATCHED THEN DELETE;', ['update c * sets *', 'delete c *', 'update a * sets *', 'delete a *']],
    ['Oracle', 'MERGE INTO "t" x USING (SELECT :1 AS id FROM dual) s ON (x.id = s.id) WHEN MATCHED THEN UPDATE SET a = 1 WHERE (b = 1) DELETE WHERE (c = 1)', both],
    ['Oracle', 'MERGE INTO (SELECT * FROM t) USING b ON (1 = 1) WHEN MATCHED THEN UPDATE SET a = 1 LOG ERRORS INTO err$_t', [...both, 'insert err$_t']],
    ['HANA', 'MERGE INTO t USING b ON 1 = 1 WHEN MATCHED THEN DELETE', both],
  ])
})

describe('writes in others', () => {
  check([
    ['PostgreSQL', 'WITH d AS (DELETE FROM a WHERE id = 5 RETURNING *) SELECT * FROM d', ['delete a *']],
    ['PostgreSQL', 'WITH d AS MATERIALIZED (DELETE FROM a RETURNING *), u AS (UPDATE b SET x = 1 RETURNING *) INSERT INTO c SELECT * FROM d', ['delete a *', 'update b * sets x', 'insert c']],
    ['PostgreSQL', 'WITH RECURSIVE r (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM r) CYCLE id SET is_cycle USING path DELETE FROM a WHERE id = 5', ['delete a *']],
    ['PostgreSQL', 'WITH RECURSIVE r (id) AS (SELECT 1) SEARCH DEPTH FIRST BY id SET o UPDATE a SET x = 1', ['update a * sets x']],
    ['PostgreSQL', 'SELECT * FROM [DELETE FROM a WHERE id = 5 RETURNING id]', ['delete a *']],
    ['PostgreSQL', 'SELECT 1 FROM [INSERT INTO a VALUES (1) RETURNING 1], [UPDATE b SET x = 1 RETURNING 1]', ['insert a', 'update b * sets x']],
    ['PostgreSQL', 'WITH x AS (SELECT 1) SELECT * FROM x FOR UPDATE', []],
    ['PostgreSQL', 'WITH x AS (SELECT 1) SELECT * FROM x FOR NO KEY UPDATE', []],
    ['PostgreSQL', 'SELECT a INTO b FROM c', ['delete b *']],
    ['PostgreSQL', 'SELECT a INTO TEMPORARY TABLE b FROM c', ['delete b *']],
    ['PostgreSQL', 'WITH x AS (SELECT 1) SELECT * INTO b FROM x', ['delete b *']],
    ['PostgreSQL', 'SELECT (SELECT 1 INTO b) FROM c', []],
    ['MSSQL', 'SELECT * INTO #b FROM c', ['delete #b *']],
    ['MySQL', 'SELECT a INTO @b FROM c', []],
    ['MySQL', "SELECT a INTO OUTFILE 'x' FROM c", []],
    ['MySQL', "SELECT a INTO DUMPFILE 'x' FROM c", []],
    ['MySQL', "SELECT REPLACE(a, 'x', INSERT('y', 1, 2, 'z')) FROM c FOR UPDATE", []],
    ['MySQL', "SELECT (REPLACE(a, 'x', 'y')), (INSERT('y', 1, 2, 'z')) FROM c", []],
    ['MySQL', 'WITH c AS (SELECT 1) DELETE FROM a WHERE id = 5', ['delete a *']],
    ['SQLite', "SELECT replace(a, 'x', 'y') FROM c", []],
    ['PostgreSQL', '(WITH d AS (DELETE FROM a RETURNING *) SELECT * FROM d)', ['delete a *']],
  ])
})
