import type { Cursor } from './cursor.ts'
import type { Dialect } from './dialect.ts'
import { type Effect, NONE, SESSION, UNKNOWN } from './statement.ts'
import type { Token } from './token.ts'

const BEGIN: readonly Effect[] = [{ kind: 'begin' }]
const DOUBT: readonly Effect[] = [{ kind: 'doubt' }]

/** Of a transaction, or of a block of code. */
export function readBegin(cursor: Cursor, _: readonly Token[], { isMssql, isMysql, isOracle }: Dialect): readonly Effect[] {
  const isOfTransaction = ['TRANSACTION', 'TRAN', 'DISTRIBUTED'].includes(cursor.word)
  // What is in the block are statements of their own.
  if (isMssql) return isOfTransaction ? BEGIN : NONE
  if (isOracle) return isOfTransaction ? BEGIN : UNKNOWN
  return isMysql && !cursor.isDone && cursor.word !== 'WORK' ? UNKNOWN : BEGIN
}

/** Past COMMIT or the like: COMMIT AND CHAIN. */
function readChain(cursor: Cursor): readonly Effect[] {
  cursor.skipWords('WORK', 'TRANSACTION', 'TRAN')
  return cursor.skipWord('AND') && cursor.word === 'CHAIN' ? BEGIN : NONE
}

/** One that was prepared is of somebody else, whose writes nobody here has seen. */
export const readCommit = (cursor: Cursor): readonly Effect[] =>
  ['PREPARED', 'FORCE'].includes(cursor.word) ? UNKNOWN : [{ kind: 'commit' }, ...readChain(cursor)]

/** Elsewhere it ends a block. */
export const readEnd = (cursor: Cursor, _: readonly Token[], { isPostgres, isSqlite }: Dialect): readonly Effect[] =>
  isPostgres || isSqlite ? [{ kind: 'commit' }, ...readChain(cursor)] : NONE

export const readAbort = (cursor: Cursor): readonly Effect[] => [{ kind: 'rollback' }, ...readChain(cursor)]

export function readRollback(cursor: Cursor, _: readonly Token[], { isMssql }: Dialect): readonly Effect[] {
  cursor.skipWords('WORK', 'TRANSACTION', 'TRAN')
  const isAll = cursor.isDone || ['AND', 'NO', 'RELEASE'].includes(cursor.word)
  if (isAll) return [{ kind: 'rollback' }, ...readChain(cursor)]
  // It names a savepoint, or the transaction. What was written up to a savepoint stays, and invalidating what was not written does no harm.
  return isMssql ? DOUBT : NONE
}

export function readSavepoint(kind: 'savepoint' | 'release', cursor: Cursor, { isSqlite }: Dialect): readonly Effect[] {
  cursor.skipWords('SAVEPOINT')
  return isSqlite ? [{ kind, name: cursor.peek()?.text.toLowerCase() ?? '' }] : NONE
}

/** PREPARE TRANSACTION: it may be committed from anywhere. As far as this connection goes, it is. */
export const readPrepare = (cursor: Cursor): readonly Effect[] => (cursor.word === 'TRANSACTION' ? [{ kind: 'commit' }] : NONE)

/** It commits if LOCK TABLES came before it. */
export const readUnlock = (_: Cursor, __: readonly Token[], { isMysql }: Dialect): readonly Effect[] => (isMysql ? DOUBT : NONE)

/** `SET name = value, name = value`. */
export function readSet(cursor: Cursor, { isMssql, isMysql }: Dialect): readonly Effect[] {
  if (isMssql) return [...SESSION, ...readImplicit(cursor)]
  if (cursor.word === 'PASSWORD') return [{ kind: 'definition' }]
  if (cursor.word === 'LOCAL' && !isMysql) return NONE
  if (cursor.word === 'SESSION') cursor.next()
  // Of the transaction that follows, or is under way.
  if (['TRANSACTION', 'CHARACTERISTICS', 'CONSTRAINTS'].includes(cursor.word)) return NONE
  const effects: Effect[] = []
  do effects.push(...readAutocommit(cursor))
  while (skipToNext(cursor))
  return [...SESSION, ...effects]
}

function skipToNext(cursor: Cursor): boolean {
  while (!cursor.isDone && !cursor.isSymbol(',')) cursor.skip()
  return cursor.skipSymbol(',')
}

function readAutocommit(cursor: Cursor): readonly Effect[] {
  while (cursor.skipSymbol('@'));
  // What is set for others is not set for this connection.
  if (['GLOBAL', 'PERSIST', 'PERSIST_ONLY'].includes(cursor.word)) return NONE
  if (cursor.skipWord('SESSION', 'LOCAL')) cursor.skipSymbol('.')
  while (cursor.skipSymbol('@'));
  if (!/^autocommit$/i.test(cursor.next()?.text ?? '')) return NONE
  cursor.skipSymbol(':')
  if (!cursor.skipSymbol('=')) cursor.skipWords('TO')
  return [{ kind: 'autocommit', isOn: !/^(?:0|off|false)$/i.test(cursor.peek()?.text ?? '') }]
}

/** SET IMPLICIT_TRANSACTIONS ON: what is written needs a COMMIT. */
function readImplicit(cursor: Cursor): readonly Effect[] {
  if (!cursor.skipTo('IMPLICIT_TRANSACTIONS', 'ANSI_DEFAULTS')) return NONE
  return [{ kind: 'autocommit', isOn: !cursor.skipTo('ON') }]
}
