import type { Table } from '../schema/table.ts'

/** Rows of one table in one invalidation. More than these are all of them. */
const MOST_ROWS = 100

interface TableChange {
  /** What is computed from the table's rows. */
  isWhole: boolean
  /** What was read of any row by its key. */
  isEveryRow: boolean
  readonly rows: Set<string>
}

/** What was changed: of each table its rows, or all of them where they are not known. */
export class Changes {
  readonly #tables = new Map<Table, TableChange>()

  get isEmpty(): boolean {
    return this.#tables.size === 0
  }

  /** Rows that were added, changed or removed. */
  rows(table: Table, rows: Iterable<string>): void {
    this.#of(table).isWhole = true
    this.rowsAlone(table, rows)
  }

  /** Rows that are other than before, though nothing in their table is: the ends of a relation. */
  rowsAlone(table: Table, rows: Iterable<string>): void {
    const change = this.#of(table)
    for (const row of rows) change.rows.add(row)
    if (change.rows.size <= MOST_ROWS) return
    change.rows.clear()
    change.isEveryRow = true
  }

  /** Rows were added whose keys are not known. None that was there is another. */
  added(table: Table): void {
    this.#of(table).isWhole = true
  }

  every(table: Table): void {
    this.#of(table).isWhole = true
    this.everyRowAlone(table)
  }

  everyRowAlone(table: Table): void {
    this.#of(table).isEveryRow = true
  }

  /** Takes over what another has. */
  merge(other: Changes): void {
    for (const [table, { isWhole, isEveryRow, rows }] of other.#tables) {
      if (isWhole) this.added(table)
      if (isEveryRow) this.everyRowAlone(table)
      this.rowsAlone(table, rows)
    }
  }

  /** Tags under which all that depends on it is found. */
  tags(): string[] {
    const tags: string[] = []
    for (const [table, { isWhole, isEveryRow, rows }] of this.#tables) {
      if (isWhole) tags.push(table.tag)
      if (isEveryRow) tags.push(table.everyRowTag)
      for (const row of rows) tags.push(table.rowTag(row))
    }
    return tags
  }

  #of(table: Table): TableChange {
    const known = this.#tables.get(table)
    if (known !== undefined) return known
    const change = { isWhole: false, isEveryRow: false, rows: new Set<string>() }
    this.#tables.set(table, change)
    return change
  }
}
