import { seeded } from 'test-support'
import { describe, expect, it } from 'vitest'
import { databases } from './support/databases.ts'
import { writeSomething } from './support/random-writes.ts'
import { readingsOf } from './support/readings.ts'
import { App, seed } from './support/town.ts'

/** Where a step costs milliseconds there are fewer of them. */
const STEPS: Readonly<Record<string, number>> = { SQLite: 5_000, PostgreSQL: 500, MariaDB: 500 }

describe.each(databases)('$name', ({ name: databaseName, start }) => {
  it(`every cached read is what the database has, after each of ${STEPS[databaseName]} random writes`, async () => {
    await using database = await start()
    await using app = await App.open(database, { orm: { entities: { negativeTtl: '1h' } } })
    await seed(app.dataSource)
    const readings = readingsOf(app)
    const random = seeded(6)
    for (let step = 1; step <= STEPS[databaseName]!; step++) {
      await writeSomething(app.dataSource, random)
      for (const { name, cached, fresh } of readings) {
        expect(await cached(), `${name}, step ${step}`).toEqual(await fresh())
      }
    }
    expect(app.errors).toEqual([])
    const { hit, miss } = app.cache.stats().requests
    // Neither everything nor nothing was invalid.
    expect(hit / (hit + miss)).toBeGreaterThan(0.2)
  }, 240_000)
})
