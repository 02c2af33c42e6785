import { keyText as tagText } from '@stratacache/core'
import type { KeyColumn } from './key-column.ts'

/** What the database does by itself to rows that refer to one that was changed: remove them, or give them other references. */
type Reaction = 'remove' | 'change' | undefined

/** A foreign key, seen from the table it refers to. */
export interface Dependent {
  /** The table with the foreign key. */
  readonly table: Table
  /** Its columns, in lower case. */
  readonly columns: readonly string[]
  /** The columns it refers to, in lower case. */
  readonly refersTo: readonly string[]
  readonly onDelete: Reaction
  readonly onUpdate: Reaction
}

/** One side of a junction table: the entity whose relation its rows make up. */
export interface Side {
  readonly table: Table
  /** The columns of the junction table that name its row. */
  readonly columns: readonly KeyColumn[]
}

/** A table or view. */
export class Table {
  /** The tag of all its rows and of what is computed from them: its path. */
  readonly tag: string
  /** `schema.name`, or the name alone. */
  readonly path: string
  readonly name: string
  /** Whether it has rows of its own: it is no view, and an entity describes it. */
  readonly isStored: boolean
  /** The tag of what was read of rows by their key: for changes of rows that are not known. */
  readonly everyRowTag: string
  /** Its primary key. None where it is not known. */
  readonly key: readonly KeyColumn[]
  /** Tables with foreign keys that refer to it. */
  readonly dependents: Dependent[] = []
  readonly sides: Side[] = []
  /** Of a view: the tables it reads. */
  readonly bases: Table[] = []

  constructor(path: string, name: string, key: readonly KeyColumn[] = [], isStored = false) {
    this.path = path
    this.isStored = isStored
    this.tag = tagText([path])
    this.everyRowTag = tagText([path, '*'])
    this.name = name
    this.key = key
  }

  /** The tag of one row. */
  rowTag(row: string): string {
    return `${this.tag}:${row}`
  }
}

/** The text of a row: of the values of its key, in the order of the key's columns. */
export const rowText = (values: readonly string[]): string => tagText(values)
