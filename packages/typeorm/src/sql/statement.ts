import type { Condition, Operand } from './condition.ts'
import type { ColumnName, TableName } from './cursor.ts'

/** A change of rows, or of what a table is. */
export type Write =
  | {
      readonly kind: 'insert'
      readonly table: TableName
      readonly rows: InsertedRows | undefined
      /** The columns whose conflict turns it into a change, or `any`. Absent where it changes no row that was there. */
      readonly replaces?: readonly ColumnName[] | 'any'
    }
  | {
      readonly kind: 'update'
      readonly table: TableName
      readonly where: Condition | undefined
      /** The columns that are set. `undefined`: any. */
      readonly columns: readonly ColumnName[] | undefined
    }
  | { readonly kind: 'delete'; readonly table: TableName; readonly where: Condition | undefined }
  | { readonly kind: 'truncate'; readonly table: TableName; readonly cascades: boolean }

/** What an INSERT says of its rows. A value that is not known is `undefined`. */
export interface InsertedRows {
  readonly columns: readonly ColumnName[]
  readonly values: readonly (readonly (Operand | undefined)[])[]
}

/** What a statement does that matters to a cache. */
export type Effect =
  | { readonly kind: 'write'; readonly write: Write }
  /** Anything may have changed: a procedure, a block of code, what nobody can read. */
  | { readonly kind: 'unknown' }
  /** `doubt`: what was done may have been committed, and the transaction may go on. `definition`: tables were defined, which commits in some databases. */
  | { readonly kind: 'begin' | 'commit' | 'rollback' | 'doubt' | 'definition' }
  | { readonly kind: 'autocommit'; readonly isOn: boolean }
  /** SQLite: it begins a transaction where there is none, and commits that. */
  | { readonly kind: 'savepoint' | 'release'; readonly name: string }
  /** The connection is not as the others any more: a setting, a role, a temporary table. */
  | { readonly kind: 'session' }

export const NONE: readonly Effect[] = []
export const UNKNOWN: readonly Effect[] = [{ kind: 'unknown' }]
export const SESSION: readonly Effect[] = [{ kind: 'session' }]

export const written = (write: Write): Effect => ({ kind: 'write', write })
