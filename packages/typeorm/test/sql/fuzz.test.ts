import initSqlJs, { type BindParams, type Database, type SqlValue } from 'sql.js'
import { seeded } from 'test-support'
import { beforeAll, describe, expect, it } from 'vitest'
import { RowFinder } from '../../src/invalidation/rows.ts'
import { type KeyColumn, keyText } from '../../src/schema/key-column.ts'
import { rowText } from '../../src/schema/table.ts'
import { dialectOf } from '../../src/sql/dialect.ts'
import { effectsOf } from '../../src/sql/effects.ts'
import { randomStatement, type RandomTable, tables } from '../support/random-sql.ts'

const STATEMENTS = 6_000
const dialect = dialectOf('sqljs')

const keyOf = ({ name, key }: RandomTable): KeyColumn[] => key.map((column) => ({ name: column, kind: name === 'items' ? 'integer' : 'text' }))

/** The rows of a table: the text of each, by the values of its key. */
function contents(db: Database, { name, key }: RandomTable): Map<string, { values: SqlValue[]; all: string }> {
  const [found] = db.exec(`SELECT ${key.map((column) => `CAST(${column} AS TEXT)`).join(', ')}, * FROM ${name}`)
  return new Map((found?.values ?? []).map((row) => [JSON.stringify(row.slice(0, key.length)), { values: row.slice(0, key.length), all: JSON.stringify(row) }]))
}

/** The rows that a statement is said to change. `undefined`: any. */
function reported(sql: string, parameters: unknown[], table: RandomTable): Set<string> | undefined {
  const finder = new RowFinder(parameters, dialect)
  const rows = new Set<string>()
  for (const effect of effectsOf(sql, dialect)) {
    if (effect.kind === 'unknown') return undefined
    if (effect.kind !== 'write' || effect.write.table.name.toLowerCase() !== table.name) continue
    const { write } = effect
    const chosen = write.kind === 'update' || write.kind === 'delete' ? finder.chosen(write.where, keyOf(table)) : undefined
    if (chosen === undefined) return undefined
    for (const row of chosen) rows.add(row)
  }
  return rows
}

describe.each(tables)('random writes of $name', (table) => {
  let db: Database

  beforeAll(async () => {
    const { Database } = await initSqlJs()
    db = new Database()
    db.run(table.create)
    for (const row of table.rows) db.run(`INSERT INTO ${table.name} VALUES (${row})`)
  })

  it(`reports no row too few in ${STATEMENTS} statements`, () => {
    const random = seeded(20_260_101)
    const key = keyOf(table)
    const before = contents(db, table)
    let [taken, changing, precise] = [0, 0, 0]
    for (let i = 0; i < STATEMENTS; i++) {
      const { sql, parameters } = randomStatement(random, table)
      db.run('BEGIN')
      try {
        const statement = db.prepare(sql, parameters as BindParams)
        while (statement.step());
        statement.free()
        taken++
      } catch {
        // SQLite does not take it.
      }
      const after = contents(db, table)
      db.run('ROLLBACK')
      const changed = [...before].filter(([id, { all }]) => after.get(id)?.all !== all)
      const rows = reported(sql, parameters, table)
      if (changed.length > 0) changing++
      if (rows !== undefined) precise++
      for (const [, { values }] of changed) {
        const texts = values.map((value, place) => keyText(key[place]!, value))
        // What has no text is found by its table.
        const text = texts.every((each) => each !== undefined) ? rowText(texts) : undefined
        if (text !== undefined && rows !== undefined && !rows.has(text)) expect.fail(`${sql} ${JSON.stringify(parameters)} changed ${text}, not only ${[...rows].join()}`)
      }
    }
    // Otherwise it would not have tried anything.
    expect(taken / STATEMENTS).toBeGreaterThan(0.9)
    expect(changing / STATEMENTS).toBeGreaterThan(0.4)
    expect(precise / STATEMENTS).toBeGreaterThan(table.key.length === 1 ? 0.15 : 0.05)
  })
})
