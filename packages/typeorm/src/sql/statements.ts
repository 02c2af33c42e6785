import type { Dialect } from './dialect.ts'
import type { Token } from './token.ts'

/**
 * The statements of a text. A block of code is one, with all its semicolons, and so is the definition of what has one for a
 * body.
 */
export function statementsOf(tokens: readonly Token[], dialect: Dialect): (readonly Token[])[] {
  const { statements, isOpen } = split(tokens, dialect, true)
  // What looked like the begin of a block was something else.
  return isOpen ? split(tokens, dialect, false).statements : statements
}

interface Split {
  readonly statements: (readonly Token[])[]
  /** It ended within a block. */
  readonly isOpen: boolean
}

function split(tokens: readonly Token[], dialect: Dialect, hasBlocks: boolean): Split {
  const statements: Token[][] = []
  let statement: Token[] = []
  let blocks = 0
  let parentheses = 0
  for (const [i, token] of tokens.entries()) {
    // NEW.end is a column.
    const word = isSymbol(tokens[i - 1], '.') ? '' : wordOf(token)
    const isCode = hasBlocks && (blocks > 0 || holdsCode(statement, tokens, i, dialect))
    if (isCode && wordOf(tokens[i - 1]) !== 'END' && (word === 'BEGIN' || word === 'CASE')) blocks++
    if (isCode && word === 'END' && !/^(?:IF|LOOP|WHILE|REPEAT|FOR)$/.test(wordOf(tokens[i + 1]))) blocks--
    // MSSQL: all that comes behind is the body.
    const isBody = dialect.isMssql && definesRoutine(statement)
    const isNext = dialect.isMssql && !isBody && parentheses === 0 && follows(statement, tokens, i)
    const isSemicolon = isSymbol(token, ';') && blocks <= 0 && !isBody
    if (isSemicolon || isNext) {
      statements.push(statement)
      statement = []
      parentheses = 0
    }
    if (isSymbol(token, '(')) parentheses++
    if (isSymbol(token, ')')) parentheses--
    if (!isSemicolon) statement.push(token)
  }
  statements.push(statement)
  return { statements: statements.filter(({ length }) => length > 0), isOpen: blocks > 0 }
}

const wordOf = (token: Token | undefined): string => (token?.kind === 'word' ? token.text.toUpperCase() : '')
const isSymbol = (token: Token | undefined, text: string): boolean => token?.kind === 'symbol' && token.text === text

/** Whether a BEGIN in this statement, or at its begin, begins a block. */
function holdsCode(statement: readonly Token[], tokens: readonly Token[], at: number, { isMysql, isOracle }: Dialect): boolean {
  if (statement.length > 0) return definesRoutine(statement)
  // MariaDB: BEGIN NOT ATOMIC
  return wordOf(tokens[at]) === 'BEGIN' && (isOracle || (isMysql && wordOf(tokens[at + 1]) === 'NOT'))
}

const ROUTINE = /^(?:TRIGGER|FUNCTION|PROC|PROCEDURE|EVENT|PACKAGE)$/
const MODIFIER = /^(?:OR|REPLACE|ALTER|TEMP|TEMPORARY|CONSTRAINT|AGGREGATE|EDITIONABLE|NONEDITIONABLE)$/

/** CREATE OR REPLACE TRIGGER and the like. */
function definesRoutine(statement: readonly Token[]): boolean {
  if (!['CREATE', 'ALTER'].includes(wordOf(statement[0]))) return false
  const kind = statement.findIndex((token, i) => i > 0 && !MODIFIER.test(wordOf(token)))
  // DEFINER = somebody@somewhere TRIGGER
  if (wordOf(statement[kind]) === 'DEFINER') return statement.slice(kind, kind + 8).some((token) => ROUTINE.test(wordOf(token)))
  return ROUTINE.test(wordOf(statement[kind]))
}

const STARTS = /^(?:INSERT|UPDATE|DELETE|MERGE|TRUNCATE|SELECT|EXEC|EXECUTE|BEGIN|COMMIT|ROLLBACK|ALTER|CREATE|DROP|USE|BULK)$/
const WRITES = /^(?:INSERT|UPDATE|DELETE|MERGE)$/

/** MSSQL: whether a statement begins at a token, without a semicolon before it. */
function follows(statement: readonly Token[], tokens: readonly Token[], at: number): boolean {
  const [word, before, after] = [wordOf(tokens[at]), wordOf(tokens[at - 1]), tokens[at + 1]]
  // Not the SET of an UPDATE, behind which is a column and its value.
  if (word === 'SET') return wordOf(after) !== '' && ['word', 'name', 'number', 'string'].includes(tokens[at + 2]?.kind ?? '')
  if (!STARTS.test(word) || ['FOR', 'THEN', 'OR', 'BULK'].includes(before)) return false
  // ON DELETE CASCADE, INNER MERGE JOIN, DROP COLUMN
  if (before === 'ON' && ['CASCADE', 'NO', 'SET'].includes(wordOf(after))) return false
  if (['COLUMN', 'CONSTRAINT', 'JOIN', 'UNION'].includes(wordOf(after))) return false
  // A WITH belongs to what comes behind it.
  const isBehindWith = wordOf(statement[0]) === 'WITH' && !statement.some((token) => WRITES.test(wordOf(token)))
  return !isBehindWith || !(WRITES.test(word) || word === 'SELECT')
}
