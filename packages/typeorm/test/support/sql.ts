import { RowFinder } from '../../src/invalidation/rows.ts'
import type { KeyColumn } from '../../src/schema/key-column.ts'
import type { Condition, Operand } from '../../src/sql/condition.ts'
import type { TableName } from '../../src/sql/cursor.ts'
import { type Dialect, dialectOf } from '../../src/sql/dialect.ts'
import { effectsOf } from '../../src/sql/effects.ts'
import type { Effect, Write } from '../../src/sql/statement.ts'

export const dialects = {
  PostgreSQL: dialectOf('postgres'),
  MySQL: dialectOf('mysql'),
  SQLite: dialectOf('sqljs'),
  MSSQL: dialectOf('mssql'),
  Oracle: dialectOf('oracle'),
  Spanner: dialectOf('spanner'),
  HANA: dialectOf('sap'),
} as const satisfies Readonly<Record<string, Dialect>>

export type DatabaseName = keyof typeof dialects

export const databaseNames = Object.keys(dialects) as DatabaseName[]

const tableText = ({ name, qualifier }: TableName): string => (qualifier === undefined ? name : `${qualifier}.${name}`)

/** Names of key columns as the database has them when nobody quotes. */
const keyOf = (names: readonly string[], { unquoted }: Dialect): KeyColumn[] =>
  names.map((name) => ({ name: unquoted === 'upper' ? name.toUpperCase() : name, kind: 'integer' }))

function writeText(write: Write, parameters: readonly unknown[], dialect: Dialect): string {
  const key = keyOf(['id'], dialect)
  const finder = new RowFinder(parameters, dialect)
  const table = tableText(write.table)
  switch (write.kind) {
    case 'insert': {
      const rows = write.rows && finder.inserted(write.rows, key)
      const replaces = write.replaces === undefined ? '' : ` over ${write.replaces === 'any' ? 'any' : write.replaces.map(({ name }) => name).join()}`
      return `insert ${table}${rows === undefined ? '' : ` ${rows.join()}`}${replaces}`
    }
    case 'update':
      return `update ${table} ${finder.chosen(write.where, key)?.join() ?? '*'} sets ${write.columns?.map(({ name }) => name).join() ?? '*'}`
    case 'delete':
      return `delete ${table} ${finder.chosen(write.where, key)?.join() ?? '*'}`
    case 'truncate':
      return `truncate ${table}${write.cascades ? ' cascade' : ''}`
  }
}

/** An effect in a few words. Rows are those of a key `id`, `*` is any. */
function effectText(effect: Effect, parameters: readonly unknown[], dialect: Dialect): string {
  if (effect.kind === 'write') return writeText(effect.write, parameters, dialect)
  if (effect.kind === 'autocommit') return `autocommit ${effect.isOn ? 'on' : 'off'}`
  if (effect.kind === 'savepoint' || effect.kind === 'release') return `${effect.kind} ${effect.name}`
  return effect.kind
}

/** What a text does, in a few words each. */
export function told(database: DatabaseName, sql: string, parameters: readonly unknown[] = []): string[] {
  const dialect = dialects[database]
  return effectsOf(sql, dialect).map((effect) => effectText(effect, parameters, dialect))
}

const operandText = (operand: Operand): string => ('parameter' in operand ? `#${operand.parameter}` : JSON.stringify(operand.literal, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)))

/** A condition in a few words. `?` says nothing. */
export function conditionText(condition: Condition | undefined): string {
  if (condition === undefined) return '?'
  if (condition.kind === 'in') return `${condition.column.name}=${condition.values.map(operandText).join('/')}`
  return `(${condition.parts.map(conditionText).join(condition.kind === 'and' ? ' & ' : ' | ')})`
}
