import type { Dialect } from '../sql/dialect.ts'

/** SQLSTATE classes in which the server refused the statement, which then has done nothing; but for 40003: it does not know. */
const REFUSED = /^(?!40003)(?:0A|P0|2[1-9A-F]|3[0-9B-F]|4[0-4])[0-9A-Z]{3}$/
/** What came before the one that failed is done; SQLite: what came before the row that failed. */
const IN_PARTS = /;\s*\S|\bOR\s+FAIL\b/i

/** Whether what failed has certainly done nothing: otherwise its connection may have been lost on the way back. */
export function hasDoneNothing(error: unknown, sql: string, { isEmbedded }: Dialect): boolean {
  if (IN_PARTS.test(sql)) return false
  if (isEmbedded) return true
  const { code, sqlState } = (error ?? {}) as { code?: unknown; sqlState?: unknown }
  return [code, sqlState].some((state) => typeof state === 'string' && REFUSED.test(state))
}
