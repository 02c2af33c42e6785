import { describe, expect, it } from 'vitest'
import { type DatabaseName, databaseNames, told } from '../support/sql.ts'

type Case = [DatabaseName, string, readonly string[]]

const check = (cases: readonly Case[]): void =>
  it.each(cases)('%s: %s', (database, sql, expected) => {
    expect(told(database, sql)).toEqual(expected)
  })

describe('reading', () => {
  it.each([
    'SELECT 1', ' \n select a FROM b WHERE c = 1 FOR UPDATE', 'SELECT "update", "deletedAt", deleted FROM "set" WHERE x = 1', 'SELECT updated_at FROM b',
    'WITH a AS (SELECT 1) SELECT * FROM a', '(SELECT 1) UNION (SELECT 2)', 'VALUES (1)', 'TABLE a', 'FROM a SELECT b', '', ' ;; ', '-- DELETE FROM a', '/* DELETE FROM a */',
    'SHOW TABLES', 'EXPLAIN SELECT 1', 'DESCRIBE a', 'PRAGMA foreign_keys = ON', 'FETCH NEXT FROM c', 'DECLARE c CURSOR FOR SELECT 1', 'CLOSE c', 'LISTEN a',
    'VACUUM', 'KILL 5', 'DEALLOCATE p', 'PREPARE p AS DELETE FROM a', "PREPARE p FROM 'DELETE FROM a'",
  ])('%s does nothing', (sql) => {
    for (const database of databaseNames) expect(told(database, sql), database).toEqual(database === 'MSSQL' && sql.startsWith('PREPARE p AS') ? ['delete a *'] : [])
  })

  check([
    ['PostgreSQL', "SELECT set_config('search_path', 'a', false)", ['session']],
    ['PostgreSQL', 'SELECT pg_catalog."set_config"($1, $2, false)', ['session']],
    ['PostgreSQL', "SELECT 'set_config'", []],
    ['PostgreSQL', "WITH a AS (DELETE FROM b RETURNING 1) SELECT set_config('a', 'b', false)", ['delete b *', 'session']],
  ])
})

describe('what nobody can read', () => {
  it.each([
    'CALL p(1)', 'DO $$ BEGIN DELETE FROM a; END $$', 'EXEC p', 'EXECUTE p (1)', '{ call p(1) }', 'p 1, 2', 'sp_rename a, b', '<<label>> BEGIN DELETE FROM a', 'FLASHBACK TABLE a TO BEFORE DROP',
    'RESTORE DATABASE a', "ATTACH DATABASE 'x' AS y", '@{hint} UPDATE a SET b = 1',
  ])('%s may do anything', (sql) => {
    for (const database of databaseNames) expect(told(database, sql), database).toContain('unknown')
  })

  it('may be several', () => {
    expect(told('PostgreSQL', 'SELECT 1; CALL p(); DELETE FROM a; CALL q()')).toEqual(['unknown', 'delete a *', 'unknown'])
  })
})

describe('transactions', () => {
  it.each([
    ['START TRANSACTION', ['begin']],
    ['start transaction read only', ['begin']],
    ['COMMIT', ['commit']],
    ['COMMIT WORK', ['commit']],
    ['COMMIT TRANSACTION', ['commit']],
    ['COMMIT AND CHAIN', ['commit', 'begin']],
    ['COMMIT WORK AND CHAIN', ['commit', 'begin']],
    ['COMMIT AND NO CHAIN', ['commit']],
    ["COMMIT PREPARED 'a'", ['unknown']],
    ["COMMIT FORCE 'a'", ['unknown']],
    ['ROLLBACK', ['rollback']],
    ['ROLLBACK WORK', ['rollback']],
    ['ROLLBACK AND CHAIN', ['rollback', 'begin']],
    ['ROLLBACK AND NO CHAIN', ['rollback']],
    ['ROLLBACK RELEASE', ['rollback']],
    ['ROLLBACK NO RELEASE', ['rollback']],
    ['ABORT', ['rollback']],
    ['ABORT WORK AND CHAIN', ['rollback', 'begin']],
    ['PREPARE TRANSACTION 1', ['commit']],
  ])('%s', (sql, expected) => {
    for (const database of databaseNames) expect(told(database, sql), database).toEqual(expected)
  })

  check([
    ['PostgreSQL', 'BEGIN', ['begin']],
    ['PostgreSQL', 'BEGIN; ', ['begin']],
    ['PostgreSQL', 'BEGIN WORK', ['begin']],
    ['PostgreSQL', 'BEGIN TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ WRITE', ['begin']],
    ['PostgreSQL', 'BEGIN DEFERRABLE', ['begin']],
    ['PostgreSQL', 'BEGIN NOT DEFERRABLE', ['begin']],
    ['PostgreSQL', 'BEGIN PRIORITY HIGH', ['begin']],
    ['SQLite', 'BEGIN IMMEDIATE TRANSACTION', ['begin']],
    ['MySQL', 'BEGIN', ['begin']],
    ['MySQL', 'BEGIN WORK', ['begin']],
    ['MySQL', 'BEGIN NOT ATOMIC UPDATE a SET b = 1; COMMIT; END', ['unknown']],
    ['MSSQL', 'BEGIN TRAN', ['begin']],
    ['MSSQL', "BEGIN TRANSACTION t WITH MARK 'x'", ['begin']],
    ['MSSQL', 'BEGIN DISTRIBUTED TRANSACTION', ['begin']],
    ['MSSQL', 'COMMIT TRAN t', ['commit']],
    ['MSSQL', 'ROLLBACK TRAN', ['rollback']],
    // Of a savepoint, or of a transaction of that name.
    ['MSSQL', 'ROLLBACK TRAN t', ['doubt']],
    ['MSSQL', 'SAVE TRAN t', []],
    ['PostgreSQL', 'END', ['commit']],
    ['PostgreSQL', 'END TRANSACTION AND CHAIN', ['commit', 'begin']],
    ['SQLite', 'END', ['commit']],
    ['MySQL', 'END', []],
    ['Oracle', 'END', []],
    ['MSSQL', 'END', []],
    ['PostgreSQL', 'ROLLBACK TO SAVEPOINT a', []],
    ['PostgreSQL', 'ROLLBACK TO a', []],
    ['PostgreSQL', "ROLLBACK PREPARED 'a'", []],
    ['PostgreSQL', 'SAVEPOINT a', []],
    ['PostgreSQL', 'RELEASE SAVEPOINT a', []],
    ['SQLite', 'SAVEPOINT "A"', ['savepoint a']],
    ['SQLite', 'RELEASE a', ['release a']],
    ['SQLite', 'RELEASE SAVEPOINT a', ['release a']],
    ['MySQL', "XA START 'a'", []],
    ['MySQL', "XA COMMIT 'a'", ['unknown']],
    ['PostgreSQL', 'LOCK TABLE a', []],
    ['Oracle', 'LOCK TABLE a IN EXCLUSIVE MODE', []],
    ['MySQL', 'LOCK TABLES a WRITE', ['definition']],
    ['MySQL', 'UNLOCK TABLES', ['doubt']],
  ])
})

describe('settings', () => {
  check([
    ['PostgreSQL', 'SET search_path = a', ['session']],
    ['PostgreSQL', "SET SESSION TIME ZONE 'UTC'", ['session']],
    ['PostgreSQL', 'SET LOCAL search_path = a', []],
    ['PostgreSQL', 'SET TRANSACTION READ ONLY', []],
    ['PostgreSQL', 'SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY', []],
    ['PostgreSQL', 'SET CONSTRAINTS ALL DEFERRED', []],
    ['PostgreSQL', 'SET ROLE a', ['session']],
    ['PostgreSQL', 'RESET ALL', ['session', 'definition']],
    ['PostgreSQL', 'DISCARD ALL', ['session']],
    ['MySQL', 'USE app', ['session']],
    ['MySQL', 'SET NAMES utf8mb4', ['session']],
    ['MySQL', 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED', []],
    ['MySQL', "SET PASSWORD = 'x'", ['definition']],
    ['MSSQL', 'SET NOCOUNT ON', ['session']],
    ['Oracle', 'ALTER SESSION SET CURRENT_SCHEMA = a', ['session']],
    ['Oracle', 'ALTER SYSTEM FLUSH SHARED_POOL', []],
    // Writes that are not committed at once.
    ...([
      ['autocommit = 0', 'off'], ['autocommit=1', 'on'], ['autocommit = OFF', 'off'], ["autocommit = 'on'", 'on'], ['autocommit = TRUE', 'on'], ['autocommit = false', 'off'],
      ['autocommit := 0', 'off'], ['autocommit := 1', 'on'], ['@@autocommit = 0', 'off'], ['@@session.autocommit = 0', 'off'], ['@@local.autocommit := 0', 'off'],
      ['SESSION autocommit = 0', 'off'], ['LOCAL autocommit = 0', 'off'], ['`autocommit` = 0', 'off'], ['autocommit = DEFAULT', 'on'], ['autocommit = @before', 'on'],
      ["NAMES utf8, sql_mode = concat('a', 'b'), autocommit = 0", 'off'], ['@before = @@autocommit, autocommit = 0', 'off'], ['autocommit TO off', 'off'],
    ] as const).map(([set, value]): Case => ['MySQL', `SET ${set}`, ['session', `autocommit ${value}`]]),
    ['MySQL', 'SET GLOBAL autocommit = 0', ['session']],
    ['MySQL', 'SET @@global.autocommit = 0', ['session']],
    ['MySQL', 'SET @before = @@autocommit', ['session']],
    ['MSSQL', 'SET IMPLICIT_TRANSACTIONS ON', ['session', 'autocommit off']],
    ['MSSQL', 'SET IMPLICIT_TRANSACTIONS OFF', ['session', 'autocommit on']],
    ['MSSQL', 'SET NOCOUNT, IMPLICIT_TRANSACTIONS ON', ['session', 'autocommit off']],
    ['MySQL', 'SET STATEMENT max_statement_time = 1 FOR UPDATE a SET b = 1 WHERE id = 5', ['update a 5 sets b']],
    ['MySQL', 'SET STATEMENT a = 1, b = 2 FOR CALL p()', ['unknown']],
  ])
})

describe('several statements', () => {
  it('are read one by one', () => {
    for (const database of databaseNames) {
      expect(told(database, "UPDATE a SET b = ';' WHERE id = 5; DELETE FROM c -- ;\n; INSERT INTO d VALUES (1);"), database).toEqual(['update a 5 sets b', 'delete c *', 'insert d'])
      expect(told(database, 'START TRANSACTION; DELETE FROM a WHERE id = 5; COMMIT'), database).toEqual(['begin', 'delete a 5', 'commit'])
    }
  })

  check([
    ['PostgreSQL', 'BEGIN; SAVEPOINT a; DELETE FROM b; ROLLBACK TO a; COMMIT AND CHAIN; DELETE FROM c; END', ['begin', 'delete b *', 'commit', 'begin', 'delete c *', 'commit']],
    ['PostgreSQL', 'DROP TABLE IF EXISTS a; COMMIT', ['truncate a', 'definition', 'commit']],
    ['MySQL', 'IF 1 = 1 THEN DELETE FROM a; END IF', ['unknown']],
    ['PostgreSQL', "SELECT 1; SELECT set_config('a', 'b', false); DELETE FROM b", ['session', 'delete b *']],
    // Blocks of code, and what has one for a body, are one statement.
    ['Oracle', 'BEGIN UPDATE a SET b = CASE WHEN c THEN 1 ELSE 2 END; IF d THEN COMMIT; END IF; END; DELETE FROM e', ['unknown', 'delete e *']],
    ['Oracle', 'DECLARE x NUMBER; BEGIN BEGIN COMMIT; END; END;', ['unknown']],
    ['Oracle', 'BEGIN CASE x WHEN 1 THEN COMMIT; END CASE; LOOP ROLLBACK; END LOOP; END; COMMIT', ['unknown', 'commit']],
    ['Oracle', 'BEGIN IF d THEN NULL; END IF; FOR i IN 1..2 LOOP NULL; END LOOP; COMMIT; END; DELETE FROM e', ['unknown', 'delete e *']],
    ['HANA', 'DO BEGIN DELETE FROM a; END', ['unknown']],
    ['SQLite', 'CREATE TRIGGER x AFTER UPDATE ON a BEGIN UPDATE b SET c = NEW.end; DELETE FROM d; END; DELETE FROM e', ['definition', 'delete e *']],
    ['PostgreSQL', 'CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC DELETE FROM a; SELECT CASE WHEN b THEN 1 END; END; DELETE FROM c', ['definition', 'delete c *']],
    ['PostgreSQL', 'CREATE OR REPLACE PROCEDURE f() LANGUAGE sql BEGIN ATOMIC DELETE FROM a; END; DELETE FROM c', ['unknown', 'definition', 'delete c *']],
    ['MySQL', 'CREATE DEFINER = `a`@`b` PROCEDURE p() BEGIN DELETE FROM a; COMMIT; END; DELETE FROM c', ['unknown', 'definition', 'delete c *']],
    ['MySQL', 'CREATE DEFINER=a@localhost TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN COMMIT; END; DELETE FROM c', ['unknown', 'definition', 'delete c *']],
    // What only looks like the begin of a block hides nothing.
    ['PostgreSQL', 'CREATE FUNCTION begin(begin int) RETURNS int RETURN 1; DELETE FROM c', ['definition', 'delete c *']],
    ['PostgreSQL', "CREATE FUNCTION f() RETURNS int AS 'SELECT 1; DELETE FROM a' LANGUAGE sql; DELETE FROM c", ['definition', 'delete c *']],
    ['MySQL', 'CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW UPDATE b SET begin = 1; DELETE FROM c', ['definition', 'delete c *']],
    ['MySQL', 'BEGIN; UPDATE a SET b = 1; END', ['begin', 'update a * sets b']],
    ['PostgreSQL', 'CREATE RULE r AS ON UPDATE TO v DO INSTEAD (DELETE FROM a; DELETE FROM b)', ['unknown', 'definition', 'delete b *']],
  ])

  describe('of MSSQL, without semicolons', () => {
    check([
      ['MSSQL', 'SELECT 1 DELETE FROM a', ['delete a *']],
      ['MSSQL', 'UPDATE a SET b = 1 WHERE id = 5 DELETE FROM c WHERE id = 6', ['update a 5 sets b', 'delete c 6']],
      ['MSSQL', 'DECLARE @x int = 5\nUPDATE a SET b = @x WHERE id = 5\nSELECT @@ROWCOUNT', ['update a 5 sets b']],
      ['MSSQL', 'SET NOCOUNT ON UPDATE a SET b = 1 WHERE id = 5', ['session', 'update a 5 sets b']],
      ['MSSQL', 'UPDATE a SET b = 1 SET IMPLICIT_TRANSACTIONS ON', ['update a * sets b', 'session', 'autocommit off']],
      ['MSSQL', 'BEGIN TRAN UPDATE a SET b = 1 INSERT INTO c VALUES (1) COMMIT', ['begin', 'update a * sets b', 'insert c', 'commit']],
      ['MSSQL', 'BEGIN TRAN DELETE a ROLLBACK TRAN', ['begin', 'delete a *', 'rollback']],
      ['MSSQL', 'IF EXISTS (SELECT 1 FROM a WHERE id = 5) UPDATE a SET b = 1 WHERE id = 5 ELSE INSERT INTO a (id) VALUES (5)', ['update a 5 sets b', 'insert a 5']],
      ['MSSQL', 'WHILE 1 = 1 BEGIN DELETE TOP (5) FROM a END', ['delete a *']],
      // Which of them is executed is not known.
      ['MSSQL', 'BEGIN TRY BEGIN TRAN DELETE FROM a COMMIT END TRY BEGIN CATCH IF @@TRANCOUNT > 0 ROLLBACK; THROW; END CATCH', ['begin', 'delete a *', 'doubt', 'doubt']],
      ['MSSQL', 'IF @x = 1 COMMIT ELSE ROLLBACK', ['doubt', 'doubt']],
      ['MSSQL', 'DECLARE @t TABLE (id int); INSERT INTO a (id) OUTPUT INSERTED.id INTO @t VALUES (5); SELECT * FROM @t', ['insert a 5']],
      ['MSSQL', 'SET IDENTITY_INSERT a ON; INSERT INTO a (id) VALUES (5); SET IDENTITY_INSERT a OFF', ['session', 'insert a 5', 'session']],
      ['MSSQL', 'SELECT 1 EXEC p', ['unknown']],
      ['MSSQL', 'SELECT 1 TRUNCATE TABLE a', ['truncate a', 'definition']],
      ['MSSQL', 'SELECT 1 ALTER TABLE a DROP COLUMN b DROP TABLE c', ['truncate a', 'definition', 'truncate c', 'definition']],
      ['MSSQL', 'SELECT * FROM a INNER MERGE JOIN b ON 1 = 1', []],
      ['MSSQL', 'ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (x) REFERENCES b (id) ON DELETE CASCADE ON UPDATE CASCADE', ['truncate a cascade', 'definition']],
      ['MSSQL', 'DECLARE c CURSOR FOR SELECT * FROM a FOR UPDATE', []],
      ['MSSQL', 'CREATE PROCEDURE p AS BEGIN TRAN; DELETE FROM a; COMMIT', ['definition']],
      ['MSSQL', 'CREATE OR ALTER TRIGGER p ON a AFTER INSERT, UPDATE AS BEGIN DELETE FROM b; ROLLBACK END', ['definition']],
      ['MSSQL', 'CREATE TABLE event (id int) INSERT INTO a VALUES (1)', ['truncate event', 'definition', 'insert a']],
      ['MSSQL', ';WITH c AS (SELECT * FROM a) DELETE FROM c', ['delete c *', 'update a * sets *', 'delete a *']],
      ['MSSQL', 'WITH c AS (SELECT 1 AS x) SELECT * FROM c DELETE FROM a', ['delete a *']],
      ['MSSQL', 'BULK INSERT a FROM 1', ['truncate a']],
    ])
  })
})

describe('in more than one reading', () => {
  check([
    // A backslash may escape the quote behind it.
    ['MySQL', "DELETE FROM a WHERE b = '\\' AND id = 5 AND c = ' OR 1 = 1'", ['delete a *', 'delete a 5']],
    ['MySQL', "UPDATE a SET b = '\\'; DELETE FROM c; -- '", ['update a * sets b', 'update a * sets b', 'delete c *']],
    ['PostgreSQL', "UPDATE a SET b = '\\'; DELETE FROM c; -- '", ['update a * sets b', 'delete c *', 'update a * sets b']],
    ['SQLite', "DELETE FROM a WHERE id = 5 AND b LIKE '%\\%' ESCAPE '\\'", ['delete a 5']],
    // What others skip, MySQL executes, or not, by its version.
    ['MySQL', 'DELETE FROM a WHERE b = 1 /*M! AND id = 5 */', ['delete a 5', 'delete a *']],
    ['MySQL', 'DELETE FROM a WHERE id = 5 /*!99999 OR b = 1 */', ['delete a *', 'delete a 5']],
    ['MySQL', '/*!40000 DELETE FROM a */; SELECT 1', ['delete a *']],
    ['MySQL', 'DELETE FROM /*! a; */ b', ['delete a *', 'unknown', 'delete b *']],
    // A line may end at a carriage return.
    ['SQLite', 'SELECT 1 -- \r; DELETE FROM a', ['delete a *']],
    ['PostgreSQL', 'DELETE FROM a WHERE id = 5 -- \r OR b = 1', ['delete a *', 'delete a 5']],
    // A space may be a letter.
    ['PostgreSQL', 'DELETE FROM a WHERE id = 5 AND b > c\u00a0AND OR d = 1', ['delete a 5', 'delete a *']],
    ['MSSQL', 'DELETE\u00a0FROM a WHERE id = 5', ['delete a 5', 'unknown']],
  ])

  it('transactions are what they usually are', () => {
    expect(told('MySQL', "DELETE FROM a WHERE b = '\\''; COMMIT")).toEqual(['delete a *', 'commit', 'delete a *'])
    expect(told('MySQL', "DELETE FROM a WHERE b = '\\'; COMMIT; -- '")).toEqual(['delete a *', 'delete a *'])
  })
})
