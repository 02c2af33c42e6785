import { Cursor } from './cursor.ts'
import { readBulk, readCopy, readDefinition, readLoad, readTruncate } from './definitions.ts'
import type { Dialect } from './dialect.ts'
import { readingsOf } from './reading.ts'
import { type Effect, NONE, SESSION, UNKNOWN } from './statement.ts'
import { statementsOf } from './statements.ts'
import { type Token, tokensOf } from './token.ts'
import { readAbort, readBegin, readCommit, readEnd, readPrepare, readRollback, readSavepoint, readSet, readUnlock } from './transactions.ts'
import { readWrites } from './writes.ts'

const READS = /^\s*SELECT\b/i
const MAY_DO_MORE =
  /;|(?<![a-z_])(?:INTO|INSERT|REPLACE|UPDATE|DELETE|MERGE|UPSERT|EXEC|EXECUTE|TRUNCATE|BEGIN|COMMIT|ROLLBACK|ALTER|CREATE|DROP|USE|SET|BULK|SET_CONFIG)(?![\w$])/i

/** What a text of SQL does, statement by statement. Reading has no effect. */
export function effectsOf(sql: string, dialect: Dialect): readonly Effect[] {
  // The most of what is executed, and the longest, is seen through at once.
  if (READS.test(sql) && !MAY_DO_MORE.test(sql)) return NONE
  const [usual, ...others] = readingsOf(sql, dialect).map((reading) => effectsOfTokens(tokensOf(sql, dialect, reading), dialect))
  // Of what may be read in several ways, transactions are what they usually are.
  return [...usual!, ...others.flat().filter(({ kind }) => kind === 'write' || kind === 'unknown')]
}

const CONTROL = /^(?:IF|ELSE|WHILE|TRY|CATCH|GOTO)$/

function effectsOfTokens(tokens: readonly Token[], dialect: Dialect): readonly Effect[] {
  const effects = statementsOf(tokens, dialect).flatMap((statement) => effectsOfStatement(statement, dialect))
  const mayBranch = dialect.isMssql && tokens.some(({ kind, text }) => kind === 'word' && CONTROL.test(text.toUpperCase()))
  // Which of them is executed is not known.
  return mayBranch ? effects.map((effect) => (effect.kind === 'commit' || effect.kind === 'rollback' ? { kind: 'doubt' } : effect)) : effects
}

const ROWS = /^(?:SELECT|WITH|VALUES|TABLE|FROM|INSERT|REPLACE|UPDATE|DELETE|MERGE|UPSERT)$/

function effectsOfStatement(tokens: readonly Token[], dialect: Dialect): readonly Effect[] {
  const cursor = new Cursor(tokens)
  const { word } = cursor
  if (ROWS.test(word) || cursor.isSymbol('(')) return [...readWrites(tokens, dialect), ...(setsSession(tokens) ? SESSION : NONE)]
  cursor.next()
  const read = STATEMENTS[word]
  if (read !== undefined) return read(cursor, tokens, dialect)
  return IDLE.test(word) || (dialect.isMssql && IDLE_IN_MSSQL.test(word)) ? NONE : UNKNOWN
}

const setsSession = (tokens: readonly Token[]): boolean =>
  tokens.some(({ kind, text }) => (kind === 'word' || kind === 'name') && /^set_config$/i.test(text))

/** They change no row that anybody could read, and nothing about a transaction. */
const IDLE = new RegExp(`^(?:${[
  'SHOW', 'HELP', 'DECLARE', 'FETCH', 'MOVE', 'OPEN', 'CLOSE', 'LISTEN', 'UNLISTEN', 'NOTIFY', 'DEALLOCATE', 'PRAGMA', 'VACUUM',
  'CLUSTER', 'REINDEX', 'CHECKPOINT', 'KILL', 'HANDLER', 'SIGNAL', 'RESIGNAL', 'GET', 'SAVE', 'CHECKSUM',
].join('|')})$`)

const IDLE_IN_MSSQL = /^(?:IF|ELSE|WHILE|PRINT|RAISERROR|THROW|RETURN|WAITFOR|GOTO|BREAK|CONTINUE|REVERT|DENY|GO)$/

const definition = (): readonly Effect[] => [{ kind: 'definition' }]
const session = (): readonly Effect[] => SESSION
const unknown = (): readonly Effect[] => UNKNOWN

/** Statements that are not SELECT, INSERT and the like, by their first word, which has been read. */
const STATEMENTS: Readonly<Record<string, (cursor: Cursor, tokens: readonly Token[], dialect: Dialect) => readonly Effect[]>> = {
  BEGIN: readBegin,
  START: (cursor) => (cursor.word === 'TRANSACTION' ? [{ kind: 'begin' }] : definition()),
  STOP: definition,
  CHANGE: definition,
  COMMIT: readCommit,
  END: readEnd,
  ROLLBACK: readRollback,
  ABORT: readAbort,
  SAVEPOINT: (cursor, _, dialect) => readSavepoint('savepoint', cursor, dialect),
  RELEASE: (cursor, _, dialect) => readSavepoint('release', cursor, dialect),
  PREPARE: readPrepare,
  SET: (cursor, tokens, dialect) => (cursor.word === 'STATEMENT' ? readSetStatement(tokens, dialect) : readSet(cursor, dialect)),
  RESET: () => [...SESSION, ...definition()],
  DISCARD: session,
  USE: session,
  CALL: unknown,
  DO: unknown,
  EXEC: unknown,
  EXECUTE: unknown,
  XA: (cursor) => (cursor.word === 'COMMIT' ? UNKNOWN : NONE),
  LOCK: (_, __, { isMysql }) => (isMysql ? definition() : NONE),
  UNLOCK: readUnlock,
  TRUNCATE: readTruncate,
  ALTER: readDefinition,
  DROP: readDefinition,
  CREATE: readDefinition,
  RENAME: readDefinition,
  REFRESH: readDefinition,
  COPY: readCopy,
  LOAD: readLoad,
  IMPORT: readLoad,
  BULK: readBulk,
  EXPLAIN: readExplained,
  DESCRIBE: readExplained,
  DESC: readExplained,
  ANALYZE: (cursor, tokens, dialect) => [...definition(), ...readExplained(cursor, tokens, dialect)],
  ANALYSE: readExplained,
  // They change no row, and commit where definitions do.
  GRANT: definition, REVOKE: definition, COMMENT: definition, AUDIT: definition, NOAUDIT: definition, PURGE: definition, FLUSH: definition,
  OPTIMIZE: definition, REPAIR: definition, CHECK: definition, CACHE: definition, INSTALL: definition, UNINSTALL: definition,
}

const EXPLAINED = ['SELECT', 'WITH', 'INSERT', 'REPLACE', 'UPDATE', 'DELETE', 'MERGE', 'UPSERT', 'EXECUTE', 'CREATE', 'REFRESH', 'VALUES']

/** EXPLAIN ANALYZE executes what it explains. */
function readExplained(cursor: Cursor, tokens: readonly Token[], dialect: Dialect): readonly Effect[] {
  return cursor.skipTo(...EXPLAINED) ? effectsOfStatement(tokens.slice(cursor.at), dialect) : readWrites(tokens, dialect)
}

/** MariaDB: SET STATEMENT name = value FOR ... */
function readSetStatement(tokens: readonly Token[], dialect: Dialect): readonly Effect[] {
  const cursor = new Cursor(tokens)
  return cursor.skipTo('FOR') ? effectsOfStatement(tokens.slice(cursor.at + 1), dialect) : NONE
}
