/** What statements of our own begin with: nobody follows them. */
export const INTERNAL = '/* stratacache */ '

export const isInternal = (sql: string): boolean => sql.startsWith(INTERNAL)

/** A text as a literal of PostgreSQL, whatever its settings. */
export const literal = (text: string): string => `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
