import type { Table } from '../schema/table.ts'
import type { Changes } from './changes.ts'

/** What happened to rows that others may refer to. */
interface Cause {
  /** They may be gone. */
  readonly removes: boolean
  /** Their columns that may have changed, in lower case. `undefined`: any. */
  readonly columns: readonly string[] | undefined
}

/** Adds what the database itself does to the rows of other tables, as their foreign keys say, and what that leads to in turn. */
export function addReactions(changes: Changes, table: Table, cause: Cause, seen: Set<string> = new Set()): void {
  for (const { table: dependent, columns, refersTo, onDelete, onUpdate } of table.dependents) {
    const isTouched = cause.columns === undefined || refersTo.some((column) => cause.columns?.includes(column))
    const isRemoved = cause.removes && onDelete === 'remove'
    const isChanged = (cause.removes && onDelete === 'change') || (isTouched && onUpdate === 'change')
    if (isRemoved || isChanged) {
      changes.every(dependent)
      addOtherSides(changes, dependent, table)
    }
    if (isRemoved && isNew(seen, `${dependent.tag} removed`)) addReactions(changes, dependent, { removes: true, columns: [] }, seen)
    if (isChanged && isNew(seen, `${dependent.tag} ${columns.join()}`)) addReactions(changes, dependent, { removes: false, columns }, seen)
  }
}

/** What a junction table has connected to rows of one table is other than before. */
function addOtherSides(changes: Changes, { sides }: Table, table: Table): void {
  const own = sides.findIndex((side) => side.table === table)
  for (const [i, side] of sides.entries()) if (i !== own) changes.everyRowAlone(side.table)
}

/** Adds every table that refers to this one, and those that refer to them: what TRUNCATE ... CASCADE empties. */
export function addReferring(changes: Changes, table: Table, seen: Set<Table> = new Set()): void {
  for (const { table: dependent } of table.dependents) {
    changes.every(dependent)
    for (const side of dependent.sides) changes.everyRowAlone(side.table)
    if (seen.has(dependent)) continue
    seen.add(dependent)
    addReferring(changes, dependent, seen)
  }
}

function isNew(seen: Set<string>, name: string): boolean {
  if (seen.has(name)) return false
  seen.add(name)
  return true
}
