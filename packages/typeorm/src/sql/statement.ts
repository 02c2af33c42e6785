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
  /** Anything may have changed: a procedure, a block of code. */
  | { readonly kind: 'unknown' }
  /** `definition`: tables were defined, which commits in some databases. */
  | { readonly kind: 'begin' | 'commit' | 'rollback' | 'definition' }
  | { readonly kind: 'autocommit'; readonly isOn: boolean }
  /** The connection is not as the others any more: a setting, a role, a temporary table. */
  | { readonly kind: 'session' }
