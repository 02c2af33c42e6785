import { Cursor, type TableName } from './cursor.ts'
import type { Dialect } from './dialect.ts'
import { tokensOf } from './token.ts'

/** What a query names. */
export interface Names {
  /** Every identifier, in lower case: columns, aliases and tables alike. */
  readonly identifiers: ReadonlySet<string>
  /** What follows FROM and JOIN, the names of CTEs among them. */
  readonly sources: readonly TableName[]
}

/** The names in a query. Which of its identifiers are tables, only the schema knows. */
export function namesIn(sql: string, dialect: Dialect): Names {
  const identifiers = new Set<string>()
  const sources: TableName[] = []
  const tokens = tokensOf(sql, dialect)
  for (const { kind, text } of tokens) {
    if (kind !== 'word' && kind !== 'name') continue
    identifiers.add(text.toLowerCase())
    // A whole path in one pair of quotes.
    for (const part of text.split('.')) identifiers.add(part.toLowerCase())
  }
  const cursor = new Cursor(tokens)
  while (!cursor.isDone) {
    if (!cursor.skipWord('FROM', 'JOIN')) {
      cursor.at++
      continue
    }
    do {
      cursor.skipWords('ONLY', 'LATERAL')
      const table = cursor.table()
      // A function is no table.
      if (table !== undefined && !cursor.isSymbol('(')) sources.push(table)
      if (cursor.skipWord('AS')) cursor.at++
      else if (['word', 'name'].includes(cursor.peek()?.kind ?? '') && cursor.isSymbol(',', 1)) cursor.at++
    } while (cursor.skipSymbol(','))
  }
  return { identifiers, sources }
}
