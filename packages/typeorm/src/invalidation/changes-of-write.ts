import type { KeyColumn } from '../schema/key-column.ts'
import type { Schema } from '../schema/schema.ts'
import type { Table } from '../schema/table.ts'
import type { Write } from '../sql/statement.ts'
import type { Changes } from './changes.ts'
import { addReactions, addReferring } from './reactions.ts'
import { RowFinder } from './rows.ts'

type Find = (key: readonly KeyColumn[]) => readonly string[] | undefined

/** Adds to `changes` what a write that was executed with these parameters has changed, never less. */
export function addWrite(changes: Changes, write: Write, schema: Schema, parameters: readonly unknown[]): void {
  const finder = new RowFinder(parameters, schema.dialect)
  for (const table of schema.find(write.table)) {
    addRows(changes, table, write, finder)
    addSides(changes, table, sidesOf(write, finder))
    addBases(changes, table)
  }
}

/** A view that takes writes hands them on, to other views as well. */
function addBases(changes: Changes, view: Table, seen = new Set<Table>()): void {
  for (const base of view.bases) {
    if (seen.has(base)) continue
    seen.add(base)
    changes.every(base)
    addSides(changes, base, () => undefined)
    addReactions(changes, base, { removes: true, columns: undefined })
    addBases(changes, base, seen)
  }
}

/** Anything may be another. */
export function addEverything(changes: Changes, schema: Schema): void {
  for (const table of schema.tables) changes.every(table)
}

function addRows(changes: Changes, table: Table, write: Write, finder: RowFinder): void {
  const rows = keysOf(write, finder)(table.key)
  switch (write.kind) {
    case 'insert': {
      const { replaces } = write
      const changesOthers = replaces !== undefined && (replaces === 'any' || rows === undefined || !finder.isKey(replaces, table.key))
      if (changesOthers) changes.every(table)
      else if (rows === undefined) changes.added(table)
      else changes.rows(table, rows)
      // REPLACE removes the row that was there, and an upsert may change any of its columns.
      if (replaces !== undefined) addReactions(changes, table, { removes: true, columns: undefined })
      return
    }
    case 'update':
      addChosen(changes, table, rows)
      addReactions(changes, table, { removes: false, columns: write.columns?.map(({ name }) => name.toLowerCase()) })
      return
    case 'delete':
      addChosen(changes, table, rows)
      addReactions(changes, table, { removes: true, columns: [] })
      return
    case 'truncate':
      changes.every(table)
      if (write.cascades) addReferring(changes, table)
      else addReactions(changes, table, { removes: true, columns: [] })
  }
}

/** How to find the rows that a write names by a key. */
function keysOf(write: Write, finder: RowFinder): Find {
  if (write.kind === 'truncate') return () => undefined
  if (write.kind === 'insert') return (key) => write.rows && finder.inserted(write.rows, key)
  return (key) => finder.chosen(write.where, key)
}

/** How to find the rows that a write of a junction table connects or no longer connects. */
function sidesOf(write: Write, finder: RowFinder): Find {
  // Those that it names before are not those it names after.
  const moves = write.kind === 'update' || (write.kind === 'insert' && write.replaces !== undefined)
  return moves ? () => undefined : keysOf(write, finder)
}

function addChosen(changes: Changes, table: Table, rows: readonly string[] | undefined): void {
  if (rows === undefined) changes.every(table)
  else changes.rows(table, rows)
}

/** The rows that a junction table connects are other than before. */
function addSides(changes: Changes, junction: Table, find: Find): void {
  for (const { table, columns } of junction.sides) {
    const rows = find(columns)
    if (rows === undefined) changes.everyRowAlone(table)
    else changes.rowsAlone(table, rows)
  }
}
