import { type Operand, readCondition, readOperand } from './condition.ts'
import { type ColumnName, Cursor, type TableName } from './cursor.ts'
import type { Dialect } from './dialect.ts'
import { readSources } from './sources.ts'
import { type Effect, type InsertedRows, NONE, UNKNOWN, type Write, written } from './statement.ts'
import type { Token } from './token.ts'

const VERBS = /^(?:INSERT|REPLACE|UPDATE|DELETE|MERGE|UPSERT)$/

/**
 * What one statement writes: as INSERT, UPDATE, DELETE or MERGE, in a WITH, in parentheses, or as the INTO of a SELECT. Which
 * rows is only asked of a statement that is one write and nothing else.
 */
export function readWrites(tokens: readonly Token[], dialect: Dialect): readonly Effect[] {
  return tokens.flatMap((_, at) => (beginsWrite(tokens, at) ? readWrite(tokens, at, dialect) : NONE))
}

/** Elsewhere the words are functions (`replace(...)`), or parts of others (`FOR UPDATE`, `ON CONFLICT DO UPDATE`). */
function beginsWrite(tokens: readonly Token[], at: number): boolean {
  const word = wordAt(tokens, at)
  if (word === 'INTO') return isSelectInto(tokens, at)
  if (!VERBS.test(word)) return false
  if (at === 0) return true
  if (['INSERT', 'REPLACE'].includes(word) && isSymbol(tokens[at + 1], '(')) return false
  // Oracle: MERGE ... UPDATE SET ... WHERE (...) DELETE WHERE ...
  if (isOutside(tokens, at) && wordAt(tokens, 0) === 'MERGE') return false
  // CockroachDB: SELECT * FROM [DELETE ...]
  if (['(', ')', '['].some((symbol) => isSymbol(tokens[at - 1], symbol))) return true
  // WITH RECURSIVE x AS (...) CYCLE id SET is_cycle USING path DELETE ...
  return wordAt(tokens, 0) === 'WITH' && isOutside(tokens, at) && !/^(?:FOR|KEY|ON|DO|THEN)$/.test(wordAt(tokens, at - 1))
}

const isSymbol = (token: Token | undefined, text: string): boolean => token?.kind === 'symbol' && token.text === text
const wordAt = (tokens: readonly Token[], at: number): string => (tokens[at]?.kind === 'word' ? tokens[at].text.toUpperCase() : '')

function isSelectInto(tokens: readonly Token[], at: number): boolean {
  const isRead = ['SELECT', 'WITH'].includes(wordAt(tokens, 0))
  return isRead && isOutside(tokens, at) && !tokens.slice(0, at).some((_, i) => VERBS.test(wordAt(tokens, i)) && isOutside(tokens, i))
}

/** Whether a token is in no parenthesis. */
function isOutside(tokens: readonly Token[], at: number): boolean {
  const cursor = new Cursor(tokens)
  while (cursor.at < at) cursor.skip()
  return cursor.at === at
}

type Read = (cursor: Cursor, head: Head, dialect: Dialect) => readonly Write[] | undefined

const READ: Readonly<Record<string, Read>> = {
  INSERT: readInsert, REPLACE: readInsert, UPSERT: readInsert, UPDATE: readUpdate, DELETE: readDelete, MERGE: readMerge,
}

function readWrite(tokens: readonly Token[], at: number, dialect: Dialect): readonly Effect[] {
  const cursor = new Cursor(tokens, at, endOfWrite(tokens, at))
  if (cursor.word === 'INTO') return readInto(cursor)
  const { word } = cursor
  const head = readHead(cursor, at === 0, dialect)
  const writes = READ[word]!(cursor.fork(), head, dialect)
  if (writes === undefined) return UNKNOWN
  const behind = dialect.isMssql ? writesOfCtes(writes, tokens, at) : []
  return [...writes, ...behind, ...readOutputs(cursor)].map(written)
}

/** Of a write in parentheses, before the one that closes them. */
function endOfWrite(tokens: readonly Token[], start: number): number {
  const cursor = new Cursor(tokens, start)
  while (!cursor.isDone && !cursor.isSymbol(')')) cursor.skip()
  return cursor.at
}

const added = (table: TableName): Write => ({ kind: 'insert', table, rows: undefined })
const anyChanged = (table: TableName): Write => ({ kind: 'update', table, where: undefined, columns: undefined })
const anyRemoved = (table: TableName): Write => ({ kind: 'delete', table, where: undefined })

/** Writes to tables of which one may have no name that is known, or none may have. */
function writesTo(tables: readonly (TableName | undefined)[], ...each: ((table: TableName) => Write)[]): readonly Write[] | undefined {
  const known = tables.filter((table) => table !== undefined)
  return known.length === 0 || known.length < tables.length ? undefined : known.flatMap((table) => each.map((write) => write(table)))
}

/** SELECT ... INTO table. MySQL selects into variables and files as well. */
function readInto(cursor: Cursor): readonly Effect[] {
  cursor.next()
  cursor.skipWords('TEMPORARY', 'TEMP', 'UNLOGGED', 'TABLE')
  const table = cursor.word === 'OUTFILE' || cursor.word === 'DUMPFILE' ? undefined : cursor.table()
  return table === undefined ? NONE : [written(anyRemoved(table))]
}

/** The rows that are written go into another table as well: OUTPUT ... INTO table, LOG ERRORS INTO table; INSERT ALL INTO a ... INTO b. */
function readOutputs(cursor: Cursor): readonly Write[] {
  const writes: Write[] = []
  while (cursor.skipTo('INTO')) {
    cursor.next()
    const table = cursor.table()
    if (table !== undefined) writes.push(added(table))
  }
  return writes
}

/** MSSQL writes through a CTE to what is behind it. */
function writesOfCtes(writes: readonly Write[], tokens: readonly Token[], at: number): readonly Write[] {
  const isNamedBefore = ({ table: { name } }: Write): boolean =>
    tokens.slice(0, at).some(({ text }) => text.toLowerCase() === name.toLowerCase())
  const tables = writes.some(isNamedBefore) ? readSources(new Cursor(tokens, 0, at), false) : []
  return writesTo(tables, anyChanged, anyRemoved) ?? []
}

/** What comes before the table. */
interface Head {
  /** There is nothing else in the statement. */
  readonly isAlone: boolean
  /** Rows that are in the way are changed or removed. */
  readonly replaces: boolean
}

function readHead(cursor: Cursor, isAlone: boolean, { isMysql }: Dialect): Head {
  const { word } = cursor
  cursor.next()
  let replaces = word === 'REPLACE' || word === 'UPSERT'
  if (cursor.skipWord('OR')) {
    // Spanner: INSERT OR UPDATE
    replaces = ['REPLACE', 'UPDATE'].includes(cursor.word)
    cursor.next()
  }
  if (isMysql) cursor.skipWords('LOW_PRIORITY', 'HIGH_PRIORITY', 'DELAYED', 'IGNORE', ...(word === 'DELETE' ? ['QUICK'] : []))
  // A table may have that name.
  if (cursor.word === 'TOP' && !['word', 'name', undefined].includes(cursor.peek(1)?.kind)) {
    cursor.next()
    cursor.skip()
    cursor.skipWords('PERCENT')
  }
  // In some databases it may be left out.
  if (word !== 'UPDATE' && word !== 'DELETE') cursor.skipWords('INTO')
  return { isAlone, replaces }
}

/** MSSQL: a table in a variable is nobody else's. */
const isVariable = (cursor: Cursor, { isMssql }: Dialect): boolean => isMssql && cursor.peek()?.kind === 'parameter'

function readMerge(cursor: Cursor, _: Head, dialect: Dialect): readonly Write[] | undefined {
  if (isVariable(cursor, dialect)) return []
  const start = cursor.fork()
  cursor.skipTo('USING')
  return writesTo(readSources(start.fork(cursor.at), true), anyChanged, anyRemoved)
}

function readInsert(cursor: Cursor, { replaces: replacesAny }: Head, dialect: Dialect): readonly Write[] | undefined {
  // INSERT ALL INTO a ... INTO b ...
  if (isVariable(cursor, dialect) || (dialect.isOracle && ['ALL', 'FIRST'].includes(cursor.word))) return []
  if (cursor.isSymbol('(') || (cursor.word === 'TABLE' && cursor.isSymbol('(', 1))) return readInsertInto(cursor)
  const table = cursor.table()
  if (table === undefined) return undefined
  if (cursor.skipWord('AS')) cursor.next()
  const rows = readRows(cursor)
  const replaces = replacesAny ? 'any' : readConflicts(cursor)
  return [{ kind: 'insert', table, rows, ...(replaces !== undefined && { replaces }) }]
}

/** Oracle: INSERT INTO (SELECT ...), INSERT INTO TABLE(SELECT ...). */
function readInsertInto(cursor: Cursor): readonly Write[] | undefined {
  const start = cursor.fork()
  cursor.skipWords('TABLE')
  cursor.skipParenthesis()
  return writesTo(readSources(start.fork(cursor.at), true), anyChanged)
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

/** ON CONFLICT (columns) DO UPDATE, of which SQLite may have several; ON DUPLICATE KEY UPDATE. */
function readConflicts(cursor: Cursor): readonly ColumnName[] | 'any' | undefined {
  let replaces: readonly ColumnName[] | 'any' | undefined
  while (cursor.skipTo('ON')) {
    cursor.next()
    if (cursor.skipWord('DUPLICATE')) return 'any'
    if (!cursor.skipWord('CONFLICT')) continue
    const columns = cursor.isSymbol('(') ? readColumns(cursor) : undefined
    if (!cursor.skipTo('DO')) break
    cursor.next()
    if (cursor.word === 'UPDATE') replaces = replaces === undefined ? (columns ?? 'any') : 'any'
  }
  return replaces
}

function readUpdate(cursor: Cursor, { isAlone, replaces }: Head, dialect: Dialect): readonly Write[] | undefined {
  if (isVariable(cursor, dialect)) return []
  const start = cursor.fork()
  cursor.skipTo('SET')
  const tables = readSources(start.fork(cursor.at), true)
  const columns = cursor.skipWord('SET') ? readSetColumns(cursor) : undefined
  const from = cursor.fork()
  cursor.skipTo('WHERE')
  tables.push(...readSources(from.fork(cursor.at), false))
  if (replaces) return writesTo(tables, anyChanged, anyRemoved)
  if (tables.length > 1) return writesTo(tables, anyChanged)
  const where = isAlone && cursor.skipWord('WHERE') ? readCondition(cursor) : undefined
  return writesTo(tables, (table) => ({ kind: 'update', table, where, columns }))
}

/** Where the SET of an UPDATE ends. All but the first two are columns in some databases. */
const SET_ENDS = ['FROM', 'WHERE', 'RETURNING', 'OUTPUT', 'ORDER', 'LIMIT', 'OPTION']

/** `a = value, b = value`, up to what follows it. `undefined`: others too. */
function readSetColumns(cursor: Cursor): readonly ColumnName[] | undefined {
  const columns: ColumnName[] = []
  let isKnown = true
  do {
    const column = cursor.path()?.at(-1)
    if (column === undefined || !cursor.isSymbol('=')) isKnown = false
    else columns.push(column)
    while (!cursor.isDone && !cursor.isSymbol(',') && !SET_ENDS.includes(cursor.word)) cursor.skip()
  } while (cursor.skipSymbol(','))
  const rest = cursor.fork()
  while (isKnown && !rest.isDone && !['FROM', 'WHERE'].includes(rest.word)) {
    // It was not the end: another column is set.
    if (rest.skipSymbol(',') && rest.path() !== undefined && rest.isSymbol('=')) isKnown = false
    rest.skip()
  }
  return isKnown ? columns : undefined
}

function readDelete(cursor: Cursor, { isAlone }: Head, dialect: Dialect): readonly Write[] | undefined {
  const start = cursor.fork()
  cursor.skipWords('FROM')
  if (isVariable(cursor, dialect)) return []
  cursor.skipTo('WHERE')
  const tables = readSources(start.fork(cursor.at), true)
  const where = isAlone && tables.length === 1 && cursor.skipWord('WHERE') ? readCondition(cursor) : undefined
  return writesTo(tables, (table) => ({ kind: 'delete', table, where }))
}
