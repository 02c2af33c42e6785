import { type Condition, type Operand, readCondition, readOperand } from './condition.ts'
import { type ColumnName, Cursor, type TableName } from './cursor.ts'
import type { Effect, InsertedRows, Write } from './statement.ts'
import type { Token } from './token.ts'

const VERBS = /^(?:INSERT|REPLACE|UPDATE|DELETE|MERGE|UPSERT)$/

/**
 * The rows that one statement writes: as INSERT, UPDATE, DELETE or MERGE, in a WITH, below an EXPLAIN, or as the INTO of a
 * SELECT. Which rows is only asked of a statement that is one write and nothing else.
 */
export function readWrites(tokens: readonly Token[]): readonly Effect[] {
  const writes = tokens.flatMap((_, at) => (beginsWrite(tokens, at) ? readWrite(tokens, at) : []))
  return writes.map((write) => ({ kind: 'write', write }))
}

/** Elsewhere the words are functions (`replace(...)`), or parts of others (`FOR UPDATE`, `ON CONFLICT DO UPDATE`). */
function beginsWrite(tokens: readonly Token[], at: number): boolean {
  const { kind, text } = tokens[at]!
  if (kind !== 'word') return false
  const isFirst = at === 0
  if (text.toUpperCase() === 'INTO') return !isFirst && wordAt(tokens, 0) === 'SELECT' && isOutside(tokens, at)
  if (!VERBS.test(text.toUpperCase()) || isSymbol(tokens[at + 1], '(')) return false
  const before = tokens[at - 1]
  if (isFirst || isSymbol(before, '(') || isSymbol(before, ')')) return true
  return wordAt(tokens, 0) === 'EXPLAIN' && !['DO', 'KEY', 'FOR', 'ON'].includes(wordAt(tokens, at - 1))
}

const isSymbol = (token: Token | undefined, text: string): boolean => token?.kind === 'symbol' && token.text === text
const wordAt = (tokens: readonly Token[], at: number): string => (tokens[at]?.kind === 'word' ? tokens[at].text.toUpperCase() : '')

/** Whether a token is in no parenthesis. */
function isOutside(tokens: readonly Token[], at: number): boolean {
  const cursor = new Cursor(tokens)
  while (cursor.at < at) cursor.skip()
  return cursor.at === at
}

function readWrite(tokens: readonly Token[], at: number): readonly Write[] {
  const cursor = new Cursor(tokens, at, endOfWrite(tokens, at))
  const verb = cursor.word
  cursor.next()
  if (verb === 'INTO') return readInto(cursor)
  if (verb === 'UPDATE') return readUpdate(cursor, at === 0)
  if (verb === 'DELETE') return readDelete(cursor, at === 0)
  if (verb === 'MERGE') return readMerge(cursor)
  return readInsert(cursor, verb)
}

/** Of a write in parentheses, before the one that closes them. */
function endOfWrite(tokens: readonly Token[], start: number): number {
  const cursor = new Cursor(tokens, start)
  while (!cursor.isDone && !cursor.isSymbol(')')) cursor.skip()
  return cursor.at
}

const anyRow = (table: TableName): Write => ({ kind: 'delete', table, where: undefined })

/** SELECT ... INTO table. MySQL selects into variables and files as well. */
function readInto(cursor: Cursor): readonly Write[] {
  cursor.skipWords('TEMPORARY', 'TEMP', 'UNLOGGED', 'TABLE')
  const table = cursor.word === 'OUTFILE' || cursor.word === 'DUMPFILE' ? undefined : cursor.table()
  return table === undefined ? [] : [anyRow(table)]
}

function readMerge(cursor: Cursor): readonly Write[] {
  cursor.skipWords('INTO', 'ONLY')
  const table = cursor.table()
  return table === undefined ? [] : [anyRow(table)]
}

function readInsert(cursor: Cursor, verb: string): readonly Write[] {
  let replaces: readonly ColumnName[] | 'any' | undefined = verb === 'REPLACE' || verb === 'UPSERT' ? 'any' : undefined
  while (!cursor.isDone && cursor.word !== 'INTO') {
    if (cursor.word === 'REPLACE') replaces = 'any'
    // MySQL: INTO may be left out.
    else if (!/^(?:OR|IGNORE|ABORT|FAIL|ROLLBACK|LOW_PRIORITY|DELAYED|HIGH_PRIORITY|OVERWRITE)$/.test(cursor.word)) break
    cursor.next()
  }
  cursor.skipWords('INTO', 'TABLE', 'ONLY')
  const table = cursor.table()
  if (table === undefined) return []
  if (cursor.skipWord('AS')) cursor.next()
  const rows = readRows(cursor)
  replaces ??= readConflict(cursor)
  return [{ kind: 'insert', table, rows, ...(replaces !== undefined && { replaces }) }]
}

/** More than these are not told apart. */
const MOST_ROWS = 100

function readRows(cursor: Cursor): InsertedRows | undefined {
  const columns = cursor.isSymbol('(') ? readColumns(cursor) : undefined
  // MSSQL says what it returns before the values.
  if (!cursor.skipTo('VALUES', 'VALUE', 'SELECT', 'SET', 'ON') || !['VALUES', 'VALUE'].includes(cursor.word)) return undefined
  cursor.next()
  if (columns === undefined) return undefined
  const values: (Operand | undefined)[][] = []
  do {
    if (!cursor.isSymbol('(')) return undefined
    if (values.length === MOST_ROWS) return undefined
    values.push(readValues(cursor))
  } while (cursor.skipSymbol(','))
  return { columns, values }
}

/** `("a", "b")`. `undefined` where it is anything else. */
function readColumns(cursor: Cursor): readonly ColumnName[] | undefined {
  const start = cursor.at
  cursor.skipSymbol('(')
  const columns: ColumnName[] = []
  do {
    const column = cursor.path()?.at(-1)
    if (column === undefined) break
    columns.push(column)
  } while (cursor.skipSymbol(','))
  if (cursor.skipSymbol(')')) return columns
  cursor.at = start
  cursor.skipParenthesis()
  return undefined
}

function readValues(cursor: Cursor): (Operand | undefined)[] {
  const values: (Operand | undefined)[] = []
  cursor.skipSymbol('(')
  while (!cursor.isDone && !cursor.isSymbol(')')) {
    const start = cursor.at
    const value = readOperand(cursor)
    const isWhole = cursor.isSymbol(',') || cursor.isSymbol(')')
    if (!isWhole) {
      cursor.at = start
      while (!cursor.isDone && !cursor.isSymbol(',') && !cursor.isSymbol(')')) cursor.skip()
    }
    values.push(isWhole ? value : undefined)
    cursor.skipSymbol(',')
  }
  cursor.skipSymbol(')')
  return values
}

/** ON CONFLICT (columns) DO UPDATE, ON DUPLICATE KEY UPDATE. */
function readConflict(cursor: Cursor): readonly ColumnName[] | 'any' | undefined {
  while (cursor.skipTo('ON')) {
    cursor.next()
    if (cursor.skipWord('DUPLICATE')) return 'any'
    if (!cursor.skipWord('CONFLICT')) continue
    const columns = cursor.isSymbol('(') ? readColumns(cursor) : undefined
    if (!cursor.skipTo('DO')) return undefined
    cursor.next()
    return cursor.word === 'UPDATE' ? (columns ?? 'any') : undefined
  }
  return undefined
}

function readUpdate(cursor: Cursor, isAlone: boolean): readonly Write[] {
  cursor.skipWords('OR', 'ROLLBACK', 'ABORT', 'REPLACE', 'FAIL', 'IGNORE', 'LOW_PRIORITY', 'ONLY')
  if (cursor.word === 'TOP') skipTop(cursor)
  const target = cursor.table()
  if (target === undefined) return []
  const tables = [target, ...readTablesTo(cursor, 'SET')]
  if (tables.length > 1) cursor.skipTo('SET')
  if (!cursor.skipWord('SET')) return tables.map(anyRow)
  const columns = readSetColumns(cursor)
  if (cursor.word === 'FROM') tables.push(...readTablesTo(cursor, 'WHERE', ...AFTER_TABLES))
  const where = isAlone && tables.length === 1 && cursor.skipWord('WHERE') ? readCondition(cursor) : undefined
  return tables.map((table) => ({ kind: 'update', table, where, columns: tables.length === 1 ? columns : undefined }))
}

function skipTop(cursor: Cursor): void {
  cursor.next()
  cursor.skip()
  cursor.skipWords('PERCENT')
}

/** `a = value, b = value`, up to what follows it. */
function readSetColumns(cursor: Cursor): readonly ColumnName[] | undefined {
  const columns: ColumnName[] = []
  let isKnown = true
  do {
    const column = cursor.path()?.at(-1)
    if (column === undefined || !cursor.isSymbol('=')) isKnown = false
    else columns.push(column)
    while (!cursor.isDone && !cursor.isSymbol(',') && !SET_ENDS.includes(cursor.word)) cursor.skip()
  } while (cursor.skipSymbol(','))
  if (cursor.word === 'OUTPUT') cursor.skipTo('FROM', 'WHERE')
  return isKnown ? columns : undefined
}

const AFTER_TABLES = ['RETURNING', 'OUTPUT', 'ORDER', 'LIMIT', 'OPTION']
const SET_ENDS = ['FROM', 'WHERE', ...AFTER_TABLES]

/** The tables of a list with joins: each that follows a comma or one of the words that say so. */
function readTablesTo(cursor: Cursor, ...words: string[]): TableName[] {
  const tables: TableName[] = []
  while (!cursor.isDone && !words.includes(cursor.word)) {
    const isNext = cursor.skipSymbol(',') || cursor.skipWord('FROM', 'JOIN', 'USING')
    if (!isNext) cursor.skip()
    else if (!cursor.isSymbol('(')) {
      cursor.skipWords('ONLY', 'LATERAL')
      const table = cursor.table()
      if (table !== undefined) tables.push(table)
    }
  }
  return tables
}

function readDelete(cursor: Cursor, isAlone: boolean): readonly Write[] {
  cursor.skipWords('LOW_PRIORITY', 'QUICK', 'IGNORE')
  if (cursor.word === 'TOP') skipTop(cursor)
  const first = cursor.skipWord('FROM') ? readTarget(cursor) : cursor.table()
  const tables = [...(first === undefined ? [] : [first]), ...readTablesTo(cursor, 'WHERE', ...AFTER_TABLES)]
  const where: Condition | undefined = isAlone && tables.length === 1 && cursor.skipWord('WHERE') ? readCondition(cursor) : undefined
  return tables.map((table) => ({ kind: 'delete', table, where }))
}

function readTarget(cursor: Cursor): TableName | undefined {
  cursor.skipWords('ONLY')
  return cursor.table()
}
