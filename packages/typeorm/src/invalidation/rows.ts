import { MssqlParameter } from 'typeorm'
import { type KeyColumn, keyText } from '../schema/key-column.ts'
import { rowText } from '../schema/table.ts'
import type { Condition, Operand } from '../sql/condition.ts'
import type { ColumnName } from '../sql/cursor.ts'
import type { Dialect } from '../sql/dialect.ts'
import type { InsertedRows } from '../sql/statement.ts'

/** More combinations of values than these are not told apart. */
const MOST_ROWS = 1_000

/** Finds the rows that a statement names by a key, with the parameters it is executed with. */
export class RowFinder {
  readonly #parameters: readonly unknown[]
  readonly #dialect: Dialect
  /** There may be more in the statement than in its text. */
  readonly #mayBeMore: boolean

  constructor(parameters: readonly unknown[], dialect: Dialect) {
    // better-sqlite3 takes a list for as many parameters.
    const isFlat = !dialect.isSqlite || !parameters.some((value) => Array.isArray(value))
    this.#parameters = isFlat ? parameters : []
    // mysql2 puts it into the text as it is.
    this.#mayBeMore = dialect.isMysql && parameters.some(isSql)
    this.#dialect = dialect
  }

  /** A set of rows with all that the condition chooses. `undefined`: it may choose any. */
  chosen(condition: Condition | undefined, key: readonly KeyColumn[]): string[] | undefined {
    if (condition === undefined || key.length === 0 || this.#mayBeMore) return undefined
    if (condition.kind === 'or') {
      const parts = condition.parts.map((part) => this.chosen(part, key))
      return parts.every((part) => part !== undefined) ? parts.flat() : undefined
    }
    const conjuncts = conjunctsOf(condition)
    const values = key.map((column) => this.#valuesOf(column, conjuncts))
    if (values.every((texts) => texts !== undefined)) return combined(values)
    for (const part of conjuncts) {
      const rows = part.kind === 'or' ? this.chosen(part, key) : undefined
      if (rows !== undefined) return rows
    }
    return undefined
  }

  /** The rows that are inserted. `undefined` where the key of one of them is not known. */
  inserted({ columns, values }: InsertedRows, key: readonly KeyColumn[]): string[] | undefined {
    const places = key.map((column) => columns.findIndex((name) => this.#isColumn(name, column)))
    if (key.length === 0 || places.includes(-1) || this.#mayBeMore) return undefined
    const rows = values.map((row) => {
      const texts = places.map((place, i) => this.#textOf(row[place], key[i]!))
      return texts.every((text) => text !== undefined) ? rowText(texts) : undefined
    })
    return rows.every((row) => row !== undefined) ? rows : undefined
  }

  /** Whether these columns are the key. */
  isKey(columns: readonly ColumnName[], key: readonly KeyColumn[]): boolean {
    return columns.length === key.length && key.every((column) => columns.some((name) => this.#isColumn(name, column)))
  }

  #valuesOf(column: KeyColumn, conjuncts: readonly Condition[]): string[] | undefined {
    for (const part of conjuncts) {
      if (part.kind !== 'in' || !this.#isColumn(part.column, column)) continue
      const texts = part.values.map((value) => this.#textOf(value, column))
      if (texts.every((text) => text !== undefined)) return texts
    }
    return undefined
  }

  #isColumn({ name, isQuoted }: ColumnName, column: KeyColumn): boolean {
    const { unquoted } = this.#dialect
    if (unquoted === 'any') return lower(name) === lower(column.name)
    return column.name === (isQuoted ? name : unquoted === 'lower' ? lower(name) : upper(name))
  }

  #textOf(operand: Operand | undefined, column: KeyColumn): string | undefined {
    if (operand === undefined) return undefined
    if ('literal' in operand) return keyText(column, operand.literal)
    const value = this.#parameters[operand.parameter]
    return keyText(column, value instanceof MssqlParameter ? value.value : value)
  }
}

/** Of letters beyond ASCII, databases disagree which are the same. */
const lower = (name: string): string => name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
const upper = (name: string): string => name.replace(/[a-z]+/g, (letters) => letters.toUpperCase())

const isSql = (value: unknown): boolean => typeof value === 'object' && value !== null && 'toSqlString' in value

/** What must hold all at once, without the parts that say nothing. */
function conjunctsOf(condition: Condition): Condition[] {
  if (condition.kind !== 'and') return [condition]
  return condition.parts.flatMap((part) => (part === undefined ? [] : conjunctsOf(part)))
}

function combined(values: readonly (readonly string[])[]): string[] | undefined {
  let rows: string[][] = [[]]
  for (const texts of values) {
    if (rows.length * texts.length > MOST_ROWS) return undefined
    rows = rows.flatMap((row) => texts.map((text) => [...row, text]))
  }
  return rows.map(rowText)
}
