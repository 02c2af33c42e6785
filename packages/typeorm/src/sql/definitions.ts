import type { Cursor } from './cursor.ts'
import type { Dialect } from './dialect.ts'
import { type Effect, NONE, SESSION, UNKNOWN, written } from './statement.ts'
import type { Token } from './token.ts'
import { readWrites } from './writes.ts'

const DEFINITION: Effect = { kind: 'definition' }

/** They concern no row of a table or a view. */
const NO_ROWS = /^(?:INDEX|UNIQUE|SEQUENCE|USER|ROLE|LOGIN|TRIGGER|EVENT|PUBLICATION|STATISTICS)$/
/** New ones concern none, others that were there before may. */
const NO_ROWS_YET = /^(?:TYPE|DOMAIN|EXTENSION|FUNCTION|PROC|PROCEDURE|AGGREGATE)$/

/** CREATE, ALTER, DROP, RENAME, REFRESH: what concerns the rows of a table or a view changes all of them. */
export function readDefinition(cursor: Cursor, tokens: readonly Token[], dialect: Dialect): readonly Effect[] {
  const verb = tokens[0]!.text.toUpperCase()
  if (verb === 'ALTER' && cursor.word === 'SESSION') return SESSION
  if (verb === 'ALTER' && cursor.word === 'SYSTEM') return NONE
  const isNew = verb === 'CREATE' && cursor.word !== 'OR'
  cursor.skipWords('OR', 'REPLACE', 'ALTER', 'MATERIALIZED', 'FORCE', 'VIRTUAL', 'FOREIGN', 'UNLOGGED')
  const isTemporary = ['TEMP', 'TEMPORARY', 'GLOBAL', 'LOCAL'].includes(cursor.word)
  cursor.skipWords('GLOBAL', 'LOCAL', 'TEMP', 'TEMPORARY')
  // MySQL: they commit nothing.
  const ends = isTemporary && dialect.isMysql ? NONE : [DEFINITION]
  const cascades = hasWord(tokens, 'CASCADE')
  if (!cascades && (NO_ROWS.test(cursor.word) || (isNew && NO_ROWS_YET.test(cursor.word)))) return ends
  if (!cursor.skipWord('TABLE', 'VIEW')) return [...UNKNOWN, ...ends]
  cursor.skipWords('IF', 'NOT', 'EXISTS', 'CONCURRENTLY')
  const tables = readTables(cursor, cascades)
  const others = verb === 'ALTER' ? readOthers(cursor) : readWrites(tokens, dialect)
  return [...tables, ...others, ...(isTemporary || isHidden(tables) ? SESSION : NONE), ...ends]
}

const hasWord = (tokens: readonly Token[], word: string): boolean => tokens.some(({ kind, text }) => kind === 'word' && text.toUpperCase() === word)

/** MSSQL: only this connection sees `#table`. */
const isHidden = (tables: readonly Effect[]): boolean => tables.some((effect) => effect.kind === 'write' && effect.write.table.name.startsWith('#'))

/** Every row of a table may be another, or gone. */
function readTable(cursor: Cursor, cascades: boolean): readonly Effect[] {
  const table = cursor.table()
  return table === undefined ? UNKNOWN : [written({ kind: 'truncate', table, cascades })]
}

function readTables(cursor: Cursor, cascades: boolean): readonly Effect[] {
  const effects: Effect[] = []
  do {
    cursor.skipWords('ONLY')
    effects.push(...readTable(cursor, cascades))
    cursor.skipSymbol('*')
    // RENAME TABLE a TO b
    if (cursor.skipWord('TO')) effects.push(...readTable(cursor, cascades))
  } while (cursor.skipSymbol(','))
  return effects
}

/**
 * The other tables of an ALTER TABLE: RENAME TO, SWITCH TO, EXCHANGE PARTITION ... WITH TABLE, ATTACH PARTITION, INHERIT. One that
 * is none does no harm.
 */
function readOthers(cursor: Cursor): readonly Effect[] {
  const effects: Effect[] = []
  while (cursor.skipTo('TO', 'TABLE', 'PARTITION', 'INHERIT')) {
    cursor.next()
    const table = cursor.table()
    if (table !== undefined) effects.push(written({ kind: 'truncate', table, cascades: false }))
  }
  return effects
}

export function readTruncate(cursor: Cursor, tokens: readonly Token[], { isOracle }: Dialect): readonly Effect[] {
  // Of several tables.
  if (isOracle && cursor.word === 'CLUSTER') return [...UNKNOWN, DEFINITION]
  cursor.skipWords('TABLE')
  return [...readTables(cursor, hasWord(tokens, 'CASCADE')), DEFINITION]
}

/** COPY table FROM: rows are added. COPY (query) TO. */
export function readCopy(cursor: Cursor, tokens: readonly Token[], dialect: Dialect): readonly Effect[] {
  if (cursor.isSymbol('(')) return readWrites(tokens, dialect)
  cursor.skipWords('BINARY')
  const table = cursor.table()
  if (cursor.isSymbol('(')) cursor.skipParenthesis()
  if (cursor.word === 'TO') return NONE
  return table === undefined ? UNKNOWN : [written({ kind: 'insert', table, rows: undefined })]
}

/** LOAD DATA ... INTO TABLE name, IMPORT INTO name. */
export function readLoad(cursor: Cursor): readonly Effect[] {
  if (cursor.skipTo('INTO')) cursor.next()
  cursor.skipWords('TABLE')
  return readTable(cursor, false)
}

/** BULK INSERT name. */
export function readBulk(cursor: Cursor): readonly Effect[] {
  cursor.skipWords('INSERT')
  return readTable(cursor, false)
}
