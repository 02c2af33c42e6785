import { Cursor, type TableName } from './cursor.ts'
import type { Dialect } from './dialect.ts'
import type { Effect } from './statement.ts'
import { type Token, tokensOf } from './token.ts'
import { readWrites } from './writes.ts'

const NONE: readonly Effect[] = []
const READS = /^\s*SELECT\b/i
const MAY_DO_MORE = /;|\bINTO\b|\bset_config\b/i

/** What a text of SQL does, statement by statement. Reading has no effect. */
export function effectsOf(sql: string, dialect: Dialect): readonly Effect[] {
  // The most of what is executed, and the longest, is seen through at once.
  if (READS.test(sql) && !MAY_DO_MORE.test(sql)) return NONE
  const tokens = tokensOf(sql, dialect)
  return statementsOf(tokens).flatMap((statement) => effectsOfStatement(statement))
}

function statementsOf(tokens: readonly Token[]): (readonly Token[])[] {
  const statements: Token[][] = []
  let statement: Token[] = []
  for (const token of tokens) {
    if (token.kind === 'symbol' && token.text === ';') {
      statements.push(statement)
      statement = []
    } else statement.push(token)
  }
  statements.push(statement)
  return statements.filter(({ length }) => length > 0)
}

function effectsOfStatement(tokens: readonly Token[]): readonly Effect[] {
  const cursor = new Cursor(tokens)
  const { word } = cursor
  const read = STATEMENTS[word]
  if (read === undefined) return [...readWrites(tokens), ...(setsSession(tokens) ? SESSION : [])]
  cursor.next()
  return read(cursor, tokens)
}

const setsSession = (tokens: readonly Token[]): boolean => tokens.some(({ kind, text }) => kind === 'word' && /^set_config$/i.test(text))

const SESSION: readonly Effect[] = [{ kind: 'session' }]
const UNKNOWN: readonly Effect[] = [{ kind: 'unknown' }]

/** Statements that are not SELECT, INSERT and the like, by their first word, which has been read. */
const STATEMENTS: Readonly<Record<string, (cursor: Cursor, tokens: readonly Token[]) => readonly Effect[]>> = {
  BEGIN: (cursor) => (cursor.isDone || isTransactionWord(cursor) ? [{ kind: 'begin' }] : UNKNOWN),
  START: (cursor) => (cursor.word === 'TRANSACTION' ? [{ kind: 'begin' }] : []),
  // COMMIT PREPARED and the like concern a transaction of somebody else, whose writes nobody here has seen.
  COMMIT: (cursor) => (cursor.word === 'PREPARED' ? UNKNOWN : [{ kind: 'commit' }, ...readChain(cursor)]),
  END: (cursor) => [{ kind: 'commit' }, ...readChain(cursor)],
  // What was written up to a savepoint stays, and invalidating what was not written does no harm.
  ROLLBACK: (cursor) => (isAll(cursor) ? [{ kind: 'rollback' }, ...readChain(cursor)] : []),
  ABORT: (cursor) => [{ kind: 'rollback' }, ...readChain(cursor)],
  // It may be committed from anywhere: as far as this connection goes, it is.
  PREPARE: (cursor) => (cursor.word === 'TRANSACTION' ? [{ kind: 'commit' }] : []),
  SET: readSet,
  RESET: () => SESSION,
  DISCARD: () => SESSION,
  USE: () => SESSION,
  CALL: () => UNKNOWN,
  DO: () => UNKNOWN,
  EXEC: () => UNKNOWN,
  EXECUTE: () => UNKNOWN,
  XA: (cursor) => (cursor.word === 'COMMIT' ? UNKNOWN : []),
  LOCK: () => [{ kind: 'definition' }],
  UNLOCK: () => [{ kind: 'definition' }],
  TRUNCATE: readTruncate,
  ALTER: readDefinition,
  DROP: readDefinition,
  CREATE: readDefinition,
  RENAME: readDefinition,
  REFRESH: readDefinition,
  COPY: (cursor) => (cursor.isSymbol('(') ? [] : truncated(cursor.table(), false)),
  LOAD: readLoad,
  IMPORT: readLoad,
  BULK: readLoad,
}

const isTransactionWord = (cursor: Cursor): boolean =>
  ['TRANSACTION', 'TRAN', 'WORK', 'DEFERRED', 'IMMEDIATE', 'EXCLUSIVE', 'CONCURRENT', 'ISOLATION', 'READ', 'NOT'].includes(cursor.word)

/** Whether a ROLLBACK is not one to a savepoint, which MSSQL names without a TO, or of a prepared transaction. */
function isAll(cursor: Cursor): boolean {
  cursor.skipWords('WORK', 'TRANSACTION', 'TRAN')
  return cursor.isDone || cursor.word === 'AND'
}

/** COMMIT AND CHAIN. */
function readChain(cursor: Cursor): readonly Effect[] {
  cursor.skipWords('WORK', 'TRANSACTION', 'TRAN')
  return cursor.skipWord('AND') && cursor.word === 'CHAIN' ? [{ kind: 'begin' }] : []
}

function readSet(cursor: Cursor): readonly Effect[] {
  cursor.skipWords('SESSION', 'GLOBAL')
  // Of the transaction that follows, or is under way.
  if (['TRANSACTION', 'CHARACTERISTICS', 'CONSTRAINTS', 'LOCAL'].includes(cursor.word)) return []
  while (cursor.skipSymbol('@'));
  if (cursor.skipWord('SESSION')) cursor.skipSymbol('.')
  if (!cursor.skipWord('AUTOCOMMIT')) return SESSION
  if (!cursor.skipSymbol('=')) cursor.skipWords('TO')
  const value = cursor.next()?.text.toUpperCase() ?? ''
  return [{ kind: 'autocommit', isOn: ['1', 'ON', 'TRUE'].includes(value) }]
}

/** Every row of a table may be another, or gone. */
const truncated = (table: TableName | undefined, cascades: boolean): Effect[] =>
  table === undefined ? [{ kind: 'unknown' }] : [{ kind: 'write', write: { kind: 'truncate', table, cascades } }]

function readTables(cursor: Cursor, tokens: readonly Token[]): Effect[] {
  const cascades = tokens.some(({ kind, text }) => kind === 'word' && text.toUpperCase() === 'CASCADE')
  const effects: Effect[] = []
  do {
    cursor.skipWords('ONLY')
    effects.push(...truncated(cursor.table(), cascades))
    // RENAME TABLE a TO b
    if (cursor.skipWord('TO')) effects.push(...truncated(cursor.table(), cascades))
  } while (cursor.skipSymbol(','))
  return effects
}

function readTruncate(cursor: Cursor, tokens: readonly Token[]): readonly Effect[] {
  cursor.skipWords('TABLE')
  return [...readTables(cursor, tokens), { kind: 'definition' }]
}

const NO_ROWS = /^(?:INDEX|SEQUENCE|USER|ROLE|TYPE|DOMAIN|EXTENSION|TRIGGER|FUNCTION|PROCEDURE|POLICY|PUBLICATION|SUBSCRIPTION|STATISTICS|RULE|UNIQUE|EVENT|AGGREGATE)$/

/** CREATE, ALTER, DROP, RENAME, REFRESH: what concerns the rows of a table or a view changes all of them. */
function readDefinition(cursor: Cursor, tokens: readonly Token[]): readonly Effect[] {
  const definition: Effect = { kind: 'definition' }
  cursor.skipWords('OR', 'REPLACE', 'MATERIALIZED', 'FORCE', 'VIRTUAL', 'FOREIGN', 'UNLOGGED')
  if (['TEMP', 'TEMPORARY', 'GLOBAL', 'LOCAL'].includes(cursor.word)) return SESSION
  if (NO_ROWS.test(cursor.word)) return [definition]
  if (!cursor.skipWord('TABLE', 'VIEW')) return [{ kind: 'unknown' }, definition]
  cursor.skipWords('IF', 'NOT', 'EXISTS', 'CONCURRENTLY')
  return [...readTables(cursor, tokens), definition]
}

/** LOAD DATA ... INTO TABLE name, IMPORT INTO name, BULK INSERT name. */
function readLoad(cursor: Cursor): readonly Effect[] {
  if (cursor.skipTo('INTO', 'INSERT')) cursor.at++
  cursor.skipWords('TABLE')
  return truncated(cursor.table(), false)
}
