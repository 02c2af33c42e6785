import type { Dialect } from '../sql/dialect.ts'

/** SQLSTATE classes in which the server refused the statement, which then has done nothing. */
const REFUSED = /^(?:0A|P0|2[1-9A-F]|3[0-9B-F]|4[0-4])[0-9A-Z]{3}$/

/** Whether a statement that failed has certainly done nothing: otherwise its connection may have been lost on the way back. */
export function hasDoneNothing(error: unknown, { isEmbedded }: Dialect): boolean {
  if (isEmbedded) return true
  const { code, sqlState } = (error ?? {}) as { code?: unknown; sqlState?: unknown }
  return [code, sqlState].some((state) => typeof state === 'string' && REFUSED.test(state))
}
