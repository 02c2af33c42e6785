import type { Dialect } from './dialect.ts'
import { type Reading, readingsOf } from './reading.ts'

/**
 * - `word`: a bare identifier or keyword; `text` as written.
 * - `name`: a quoted identifier; `text` without its quotes.
 * - `string`, `number`: a literal; `text` is its value.
 * - `either`: an identifier or a string, depending on a setting; `text` without its quotes.
 * - `parameter`: `index` is its place among the parameters, counted from 0; -1 where it is not known.
 * - `symbol`: any other character.
 */
export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'either' | 'number' | 'parameter' | 'symbol'
  readonly text: string
  readonly index: number
}

const SPACE = /\s+/y
const ASCII_SPACE = /[\t-\r ]+/y
const LINE = /[^\n]*/y
const LINE_TO_RETURN = /[^\n\r]*/y
const STRING = /'(?:[^']|'')*'?/y
const ESCAPED_STRING = /'(?:[^'\\]|''|\\[\s\S])*'?/y
const QUOTED = /"(?:[^"]|"")*"?/y
const ESCAPED_QUOTED = /"(?:[^"\\]|""|\\[\s\S])*"?/y
const TRIPLE_QUOTED = /'''(?:[^\\]|\\[\s\S])*?(?:'''|$)|"""(?:[^\\]|\\[\s\S])*?(?:"""|$)/y
const BACKTICKED = /`(?:[^`]|``)*`?/y
const BRACKETED = /\[(?:[^\]]|\]\])*\]?/y
const UNICODE_NAME = /[uU]&"((?:[^"]|"")*)"(?:\s*UESCAPE\s*'(.)')?/iy
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y
const NUMBERED = /\d+/y
const NAMED = /[\w$#@]+/y
const STRING_PREFIX = /^[BENXbenx]$/
const ORACLE_PREFIX = /^[nN]?[qQ]$/
const CLOSING: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}', '<': '>' }

/** Identifiers, first without the spaces that ASCII does not have, then with them. */
const WORDS = {
  any: [/(?!\s)[A-Za-z_\u0080-\uffff](?:(?!\s)[\w$\u0080-\uffff])*/y, /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y],
  /** They may begin with digits, unless that is a number. */
  mysql: [
    /(?!0[xXbB]|\d+[eE][+-]?\d)\d*(?!\s)[A-Za-z_$\u0080-\uffff](?:(?!\s)[\w$\u0080-\uffff])*/y,
    /(?!0[xXbB]|\d+[eE][+-]?\d)\d*[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*/y,
  ],
  mssql: [/(?!\s)[A-Za-z_#\u0080-\uffff](?:(?!\s)[\w$#@\u0080-\uffff])*/y, /[A-Za-z_#\u0080-\uffff][\w$#@\u0080-\uffff]*/y],
  oracle: [/(?!\s)[A-Za-z_#\u0080-\uffff](?:(?!\s)[\w$#\u0080-\uffff])*/y, /[A-Za-z_#\u0080-\uffff][\w$#\u0080-\uffff]*/y],
} as const

function wordOf({ isMysql, isMssql, isOracle }: Dialect, { hasOddLetters }: Reading): RegExp {
  return WORDS[isMysql ? 'mysql' : isMssql ? 'mssql' : isOracle ? 'oracle' : 'any'][hasOddLetters ? 1 : 0]
}

/** Takes SQL apart. What is not well-formed ends with the text. */
export function tokensOf(sql: string, dialect: Dialect, reading: Reading = readingsOf(sql, dialect)[0]!): Token[] {
  const { isMysql, isPostgres, isSqlite, isMssql, isOracle, isSpanner } = dialect
  const word = wordOf(dialect, reading)
  const tokens: Token[] = []
  let at = 0
  let counted = 0
  /** False where drivers and databases count parameters in different ways. */
  let isCounted = true
  /** What a pattern matches here, and goes past it. */
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(sql)?.[0]
    if (found !== undefined) at += found.length
    return found
  }
  const add = (kind: Token['kind'], text: string, index = -1): boolean => tokens.push({ kind, text, index }) > 0
  /** Of MySQL, some drivers put parameters into strings, too. */
  const passed = (text: string): void => {
    if (isMysql && text.includes('?')) isCounted = false
  }
  const takeQuoted = (kind: Token['kind'], pattern: RegExp, quote: string): boolean => {
    const found = take(pattern)
    if (found === undefined) return false
    passed(found)
    const isClosed = found.length > 1 && found.endsWith(quote)
    return add(kind, found.slice(1, isClosed ? -1 : undefined).replaceAll(quote + quote, quote))
  }

  const takeComment = (): boolean => {
    const start = at
    const isDashed = sql.startsWith('--', at) && (!isMysql || /^[\0- \x7f]?$/.test(sql.charAt(at + 2)))
    if (isDashed || ((isMysql || isSpanner) && sql[at] === '#')) take(reading.endsAtReturn ? LINE_TO_RETURN : LINE)
    else if (isMysql && reading.executesComments && take(/\/\*M?!\d*/y) !== undefined) return true
    else if (isMysql && sql.startsWith('*/', at)) at += 2
    else if (sql.startsWith('/*', at)) at = endOfComment(sql, at, isPostgres || isMssql)
    passed(sql.slice(start, at))
    return at > start
  }

  const takeQuestionMark = (): boolean => {
    at++
    if (isMysql && sql[at] === '?') {
      // mysql2: an identifier.
      at++
      counted++
      return add('parameter', '??')
    }
    const number = isSqlite ? take(NUMBERED) : undefined
    if (number === undefined) return add('parameter', '?', isCounted ? counted++ : -1)
    isCounted = false
    return add('parameter', number, Number(number) - 1)
  }
  const takeParameter = (): boolean => {
    const sign = sql[at]!
    const isNamed = isSqlite && '$@:'.includes(sign) && /\w/.test(sql.charAt(at + 1))
    if (sign !== dialect.parameter && !isNamed) return false
    if (sign === '?') return takeQuestionMark()
    at++
    const name = take(sign === '$' && !isNamed ? NUMBERED : NAMED)
    if (name === undefined) return add('symbol', sign)
    if (isNamed) isCounted = false
    // Oracle: by position, whatever they are called.
    else if (sign === ':') return add('parameter', name, counted++)
    // MSSQL counts from 0, PostgreSQL from 1.
    else if (/^\d+$/.test(name)) return add('parameter', name, Number(name) - (sign === '$' ? 1 : 0))
    return add('parameter', name)
  }

  /** A word before a string, without a space between them. */
  const prefix = (): string => {
    const previous = tokens.at(-1)
    return previous?.kind === 'word' && sql.endsWith(previous.text, at) ? previous.text : ''
  }
  const takeString = (): boolean => {
    if (sql[at] !== "'") return false
    const before = prefix()
    if (isOracle && ORACLE_PREFIX.test(before)) {
      const end = sql.indexOf(`${CLOSING[sql.charAt(at + 1)] ?? sql.charAt(at + 1)}'`, at + 2)
      at = end < 0 ? sql.length : end + 2
    } else if (STRING_PREFIX.test(before)) {
      passed(take(reading.escapes || /e/i.test(before) ? ESCAPED_STRING : STRING)!)
    } else return takeQuoted('string', reading.escapes ? ESCAPED_STRING : STRING, "'")
    tokens.pop()
    // What is encoded in some way is not the value that is written.
    return add('symbol', "'")
  }
  const takeDollarQuoted = (): boolean => {
    const tag = take(DOLLAR_TAG)
    if (tag === undefined) return false
    const end = sql.indexOf(tag, at)
    add('string', sql.slice(at, end < 0 ? undefined : end))
    at = end < 0 ? sql.length : end + tag.length
    return true
  }
  const takeUnicodeName = (): boolean => {
    UNICODE_NAME.lastIndex = at
    const [all, text, escape] = UNICODE_NAME.exec(sql) ?? []
    if (all === undefined) return false
    at += all.length
    return add('name', decoded(text!.replaceAll('""', '"'), escape ?? '\\'))
  }
  const takeName = (): boolean =>
    // Whether it is one, or a string, is a setting of MySQL.
    takeQuoted(isMysql || isSpanner ? 'either' : 'name', isMysql || isSpanner ? ESCAPED_QUOTED : QUOTED, '"') ||
    ((isMysql || isSqlite || isSpanner) && takeQuoted('name', BACKTICKED, '`')) ||
    ((isMssql || isSqlite) && takeQuoted('name', BRACKETED, ']'))

  const takeSymbol = (): boolean => add('symbol', sql[at++]!)
  const takeWord = (): boolean => {
    // MySQL: schema.1st
    if (isMysql && sql[at] === '.' && ['word', 'name'].includes(tokens.at(-1)?.kind ?? '')) return takeSymbol()
    const found = take(word)
    if (found !== undefined) return add('word', found)
    const number = take(NUMBER)
    return number !== undefined && add('number', number)
  }

  while (at < sql.length) {
    if (take(reading.hasOddLetters ? ASCII_SPACE : SPACE) !== undefined || takeComment()) continue
    if (isPostgres && (takeDollarQuoted() || takeUnicodeName())) continue
    if (isSpanner && take(TRIPLE_QUOTED) !== undefined) {
      add('symbol', "'")
      continue
    }
    void (takeString() || takeParameter() || takeName() || takeWord() || takeSymbol())
  }
  return tokens
}

/** What stands behind the escapes of a `U&"name"`. */
const decoded = (text: string, escape: string): string =>
  text.replaceAll(/([^])(?:\1|\+([\da-f]{6})|([\da-f]{4}))/gi, (all, mark: string, long?: string, short?: string) => {
    if (mark !== escape) return all
    const code = long ?? short
    return code === undefined ? escape : String.fromCodePoint(Number.parseInt(code, 16))
  })

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
