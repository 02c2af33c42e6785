import type { DataSourceOptions } from 'typeorm'

/** What differs between databases in how SQL is read, as far as it matters here. */
export interface Dialect {
  /** How a parameter is written: `$1`, `?`, `@0` or `:1`. */
  readonly parameter: '$' | '?' | '@' | ':'
  /** A backslash escapes in strings, and `#` begins a comment. */
  readonly isMysql: boolean
  /** `$tag$text$tag$` is a string, comments nest, and `[` does not quote a name. */
  readonly isPostgres: boolean
  /** `"id"` and `"ID"` are one column. */
  readonly foldsQuotedNames: boolean
  /** Texts are equal only if they are the same, unless a column says otherwise (`collation`). */
  readonly comparesTextExactly: boolean
  /** The database runs in this process: there is no connection that could be lost. */
  readonly isEmbedded: boolean
  /** A statement that defines tables commits what was done before it. */
  readonly definitionsCommit: boolean
}

const MYSQL: Dialect = {
  parameter: '?', isMysql: true, isPostgres: false, foldsQuotedNames: true, comparesTextExactly: false, isEmbedded: false, definitionsCommit: true,
}
const POSTGRES: Dialect = {
  parameter: '$', isMysql: false, isPostgres: true, foldsQuotedNames: false, comparesTextExactly: true, isEmbedded: false, definitionsCommit: false,
}
const SQLITE: Dialect = {
  parameter: '?', isMysql: false, isPostgres: false, foldsQuotedNames: true, comparesTextExactly: true, isEmbedded: true, definitionsCommit: false,
}
const MSSQL: Dialect = { ...SQLITE, parameter: '@', comparesTextExactly: false, isEmbedded: false }
const ORACLE: Dialect = { ...SQLITE, parameter: ':', foldsQuotedNames: false, isEmbedded: false, definitionsCommit: true }

type DatabaseType = DataSourceOptions['type']

const DIALECTS: Readonly<Partial<Record<DatabaseType, Dialect>>> = {
  'mysql': MYSQL,
  'mariadb': MYSQL,
  'aurora-mysql': MYSQL,
  'postgres': POSTGRES,
  'cockroachdb': POSTGRES,
  'aurora-postgres': POSTGRES,
  'mssql': MSSQL,
  'oracle': ORACLE,
  'spanner': { ...MSSQL, comparesTextExactly: true, definitionsCommit: true },
  'sap': { ...ORACLE, parameter: '?' },
}

/** Databases that are not named here are SQLite in one of its drivers. */
export const dialectOf = (type: DatabaseType): Dialect => DIALECTS[type] ?? SQLITE
