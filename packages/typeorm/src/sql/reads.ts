import { Cursor, type TableName } from './cursor.ts'
import type { Dialect } from './dialect.ts'
import { readingsOf } from './reading.ts'
import { readSources } from './sources.ts'
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
  for (const reading of readingsOf(sql, dialect)) {
    const tokens = tokensOf(sql, dialect, reading)
    for (const { kind, text } of tokens) {
      // SQLite takes a text for a name where it needs one.
      if (kind === 'number' || kind === 'parameter' || kind === 'symbol') continue
      identifiers.add(text.toLowerCase())
      // A whole path in one pair of quotes.
      for (const part of text.split('.')) identifiers.add(part.toLowerCase())
    }
    sources.push(...readSources(new Cursor(tokens), false).filter((table) => table !== undefined))
  }
  return { identifiers, sources }
}
