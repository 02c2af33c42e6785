import type { DataSourceOptions } from 'typeorm'

/** What differs between databases in how SQL is read, as far as it matters here. */
export interface Dialect {
  /** How a parameter is written: `$1`, `?`, `@0` or `:1`. */
  readonly parameter: '$' | '?' | '@' | ':'
  readonly isMysql: boolean
  readonly isPostgres: boolean
  readonly isSqlite: boolean
  readonly isMssql: boolean
  /** Or one that is like it. */
  readonly isOracle: boolean
  readonly isSpanner: boolean
  /** What an identifier without quotes is taken for. `any`: its case does not matter, nor does it in quotes. */
  readonly unquoted: 'lower' | 'upper' | 'any'
  /** Texts are equal only if they are the same, unless a column says otherwise (`collation`). */
  readonly comparesTextExactly: boolean
  /** The database runs in this process: there is no connection that could be lost. */
  readonly isEmbedded: boolean
  /** A statement that defines tables commits what was done before it. */
  readonly definitionsCommit: boolean
}

const NO_DIALECT = { isMysql: false, isPostgres: false, isSqlite: false, isMssql: false, isOracle: false, isSpanner: false, isEmbedded: false }

const MYSQL: Dialect = { ...NO_DIALECT, isMysql: true, parameter: '?', unquoted: 'any', comparesTextExactly: false, definitionsCommit: true }
const POSTGRES: Dialect = { ...NO_DIALECT, isPostgres: true, parameter: '$', unquoted: 'lower', comparesTextExactly: true, definitionsCommit: false }
const SQLITE: Dialect = {
  ...NO_DIALECT, isSqlite: true, parameter: '?', unquoted: 'any', comparesTextExactly: true, isEmbedded: true, definitionsCommit: false,
}
const MSSQL: Dialect = { ...NO_DIALECT, isMssql: true, parameter: '@', unquoted: 'any', comparesTextExactly: false, definitionsCommit: false }
const ORACLE: Dialect = { ...NO_DIALECT, isOracle: true, parameter: ':', unquoted: 'upper', comparesTextExactly: true, definitionsCommit: true }

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
  'spanner': { ...NO_DIALECT, isSpanner: true, parameter: '@', unquoted: 'any', comparesTextExactly: true, definitionsCommit: true },
  'sap': { ...ORACLE, parameter: '?' },
}

/** Databases that are not named here are SQLite in one of its drivers. */
export const dialectOf = (type: DatabaseType): Dialect => DIALECTS[type] ?? SQLITE
