import type { ColumnName, Cursor } from './cursor.ts'

/** A value in SQL: a parameter, by its place, or a literal: a text, or an integer. */
export type Operand = { readonly parameter: number } | { readonly literal: string | bigint }

/**
 * What a WHERE says of the rows it chooses, as far as columns are compared with values. `undefined` says nothing: any
 * row may be among them.
 */
export type Condition =
  | { readonly kind: 'in'; readonly column: ColumnName; readonly values: readonly Operand[] }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly (Condition | undefined)[] }

/** Where these are, AND and OR may mean something else; `|` may be a concatenation or an OR. */
const BEYOND = /^(?:CASE|XOR|BETWEEN)$/

/** Where a WHERE ends. Some are columns in some databases. */
const AFTERWARDS = ['RETURNING', 'ORDER', 'LIMIT', 'OPTION', 'ELSE', 'END']

/** Reads what follows WHERE, to its end. */
export function readCondition(cursor: Cursor): Condition | undefined {
  const start = cursor.at
  for (let token = cursor.next(); token !== undefined; token = cursor.next()) {
    if (token.kind === 'word' ? BEYOND.test(token.text.toUpperCase()) : token.kind === 'symbol' && token.text === '|') return undefined
  }
  cursor.at = start
  const condition = readOr(cursor)
  if (!cursor.isDone && !AFTERWARDS.includes(cursor.word)) return undefined
  // It was not the end, but a column of that name.
  return cursor.skipTo('OR') ? undefined : condition
}

function readOr(cursor: Cursor): Condition | undefined {
  const parts = [readAnd(cursor)]
  while (cursor.skipWord('OR')) parts.push(readAnd(cursor))
  return parts.length === 1 ? parts[0] : { kind: 'or', parts }
}

function readAnd(cursor: Cursor): Condition | undefined {
  const parts = [readTerm(cursor)]
  while (cursor.skipWord('AND')) parts.push(readTerm(cursor))
  return parts.length === 1 ? parts[0] : { kind: 'and', parts }
}

function readTerm(cursor: Cursor): Condition | undefined {
  const start = cursor.at
  const term = cursor.isSymbol('(') ? readParenthesis(cursor) : readComparison(cursor)
  if (term !== undefined && endsTerm(cursor)) return term
  cursor.at = start
  do cursor.skip()
  while (!endsTerm(cursor))
  return undefined
}

const endsTerm = (cursor: Cursor): boolean =>
  cursor.isDone || cursor.isSymbol(')') || ['AND', 'OR', ...AFTERWARDS].includes(cursor.word)

function readParenthesis(cursor: Cursor): Condition | undefined {
  cursor.skipSymbol('(')
  if (['SELECT', 'WITH', 'VALUES'].includes(cursor.word)) return undefined
  const inside = readOr(cursor)
  return cursor.skipSymbol(')') ? inside : undefined
}

/** `column = value`, `column IN (value, value)`. */
function readComparison(cursor: Cursor): Condition | undefined {
  const path = cursor.path()
  // Oracle: a longer one may lead into a column of JSON.
  if (path === undefined || path.length > 2) return undefined
  const column = path.at(-1)!
  if (cursor.skipSymbol('=')) {
    const value = readOperand(cursor)
    return value && { kind: 'in', column, values: [value] }
  }
  if (!cursor.skipWord('IN') || !cursor.skipSymbol('(')) return undefined
  const values = readOperands(cursor)
  return values && { kind: 'in', column, values }
}

/** Values up to a closing parenthesis, and past it. `undefined` where one of them is anything but a value. */
function readOperands(cursor: Cursor): Operand[] | undefined {
  const values: Operand[] = []
  do {
    const value = readOperand(cursor)
    if (value === undefined) return undefined
    values.push(value)
  } while (cursor.skipSymbol(','))
  return cursor.skipSymbol(')') ? values : undefined
}

export function readOperand(cursor: Cursor): Operand | undefined {
  const sign = cursor.isSymbol('-') && cursor.peek(1)?.kind === 'number' && cursor.skipSymbol('-') ? '-' : ''
  const token = cursor.next()
  if (token === undefined) return undefined
  if (token.kind === 'parameter') return token.index < 0 ? undefined : { parameter: token.index }
  if (token.kind === 'number') return /^\d+$/.test(token.text) ? { literal: BigInt(sign + token.text) } : undefined
  // A backslash is itself in one database and an escape in the next.
  return token.kind === 'string' && !token.text.includes('\\') ? { literal: token.text } : undefined
}
