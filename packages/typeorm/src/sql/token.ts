import type { Dialect } from './dialect.ts'

/**
 * - `word`: a bare identifier or keyword; `text` as written.
 * - `name`: a quoted identifier; `text` without its quotes.
 * - `string`, `number`: a literal; `text` is its value.
 * - `parameter`: `index` is its place among the parameters, counted from 0; -1 for one that has a name.
 * - `symbol`: any other character.
 */
export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'parameter' | 'symbol'
  readonly text: string
  readonly index: number
}

const SPACE = /\s+/y
const LINE_COMMENT = /--[^\n]*/y
const MYSQL_LINE_COMMENT = /--(?=\s|$)[^\n]*|#[^\n]*/y
const STRING = /'(?:[^']|'')*'?/y
const ESCAPED_STRING = /'(?:[^'\\]|''|\\[\s\S])*'?/y
const ESCAPED_TEXT = /"(?:[^"\\]|""|\\[\s\S])*"?/y
const QUOTED = /"(?:[^"]|"")*"?/y
const BACKTICKED = /`(?:[^`]|``)*`?/y
const BRACKETED = /\[(?:[^\]]|\]\])*\]?/y
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y
const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y
const NUMBERED = /\d+/y
const NAMED = /\w+/y
const STRING_PREFIX = /^(?:[BENXbenx]|[uU]&)$/

/** Takes SQL apart. What is not well-formed ends with the text. */
export function tokensOf(sql: string, dialect: Dialect): Token[] {
  const tokens: Token[] = []
  let at = 0
  let questionMarks = 0
  /** What a pattern matches here, and goes past it. */
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(sql)?.[0]
    if (found !== undefined) at += found.length
    return found
  }
  const add = (kind: Token['kind'], text: string, index = -1): void => void tokens.push({ kind, text, index })
  const takeQuoted = (kind: 'name' | 'string', pattern: RegExp, quote: string): boolean => {
    const found = take(pattern)
    if (found === undefined) return false
    const isClosed = found.length > 1 && found.endsWith(quote)
    add(kind, found.slice(1, isClosed ? -1 : undefined).replaceAll(quote + quote, quote))
    return true
  }
  const takeParameter = (): boolean => {
    if (sql[at] !== dialect.parameter) return false
    at++
    if (dialect.parameter === '?') return add('parameter', '?', questionMarks++), true
    const number = take(NUMBERED)
    // MSSQL counts from 0, the others from 1.
    if (number !== undefined) return add('parameter', number, Number(number) - (dialect.parameter === '@' ? 0 : 1)), true
    if (dialect.parameter !== '$' && take(NAMED) !== undefined) return add('parameter', ''), true
    return add('symbol', dialect.parameter), true
  }

  while (at < sql.length) {
    if (take(SPACE) !== undefined || take(dialect.isMysql ? MYSQL_LINE_COMMENT : LINE_COMMENT) !== undefined) continue
    if (sql.startsWith('/*', at)) {
      // What MySQL finds in such a comment it executes: it is read as if it were none.
      if (dialect.isMysql && /^\/\*M?!/.test(sql.slice(at, at + 4))) take(/\/\*M?!\d*/y)
      else at = endOfComment(sql, at, dialect.isPostgres)
      continue
    }
    if (dialect.isMysql && sql.startsWith('*/', at)) {
      at += 2
      continue
    }
    const dollarTag = dialect.isPostgres ? take(DOLLAR_TAG) : undefined
    if (dollarTag !== undefined) {
      const end = sql.indexOf(dollarTag, at)
      add('string', sql.slice(at, end < 0 ? undefined : end))
      at = end < 0 ? sql.length : end + dollarTag.length
      continue
    }
    const previous = tokens.at(-1)
    if (sql[at] === "'") {
      // E'it\'s', but not a keyword's last letter before a string.
      const prefix = previous?.kind === 'word' && STRING_PREFIX.test(previous.text) && /\w/.test(sql[at - 1] ?? '') ? previous.text : ''
      if (prefix !== '') tokens.pop()
      const pattern = dialect.isMysql || /e/i.test(prefix) ? ESCAPED_STRING : STRING
      // What is encoded in some way is not the value that is written.
      if (prefix === '') takeQuoted('string', pattern, "'")
      else add('symbol', take(pattern)![0]!)
      continue
    }
    if (takeParameter()) continue
    // MySQL may take "text" for a string: read as a name, it can only be one table too many.
    if (takeQuoted('name', dialect.isMysql ? ESCAPED_TEXT : QUOTED, '"') || takeQuoted('name', BACKTICKED, '`')) continue
    if (!dialect.isPostgres && !dialect.isMysql && takeQuoted('name', BRACKETED, ']')) continue
    const word = take(WORD)
    if (word !== undefined) {
      add('word', word)
      continue
    }
    const number = take(NUMBER)
    if (number === undefined) add('symbol', sql[at++]!)
    else add('number', number)
  }
  return tokens
}

/** Where a comment ends that begins at `start`. */
function endOfComment(sql: string, start: number, nests: boolean): number {
  const mark = /\/\*|\*\//g
  mark.lastIndex = start + 2
  let depth = 1
  for (let found = mark.exec(sql); found !== null; found = mark.exec(sql)) {
    if (found[0] === '*/') depth--
    else if (nests) depth++
    if (depth === 0) return mark.lastIndex
  }
  return sql.length
}
