import { expect, it } from 'vitest'
import { databases } from './support/databases.ts'
import { operations } from './support/operations.ts'
import { readingsOf } from './support/readings.ts'
import { App, seed } from './support/town.ts'

/** What raises no event of an entity. */
const UNSEEN = /^(?:raw|clear|insertFromSelect|save, a tree|save, moved in a tree)|without listeners/

it("rawSql: 'ignore' heeds the events of entities, and nothing else", async () => {
  await using database = await databases[0]!.start()
  await using app = await App.open(database, { orm: { rawSql: 'ignore' } })
  const readings = readingsOf(app)
  for (const { name, only, isIdle, run } of operations) {
    if (only !== undefined) continue
    await database.empty(app.dataSource)
    await seed(app.dataSource)
    await app.cache.clear()
    for (const { cached } of readings) await cached()
    app.invalidated.length = 0
    await app.dataSource.transaction(run)
    if (UNSEEN.test(name)) continue
    if (!isIdle) expect(app.invalidated, name).not.toEqual([])
    for (const { name: reading, cached, fresh } of readings) expect(await cached(), `${name}: ${reading}`).toEqual(await fresh())
  }
  const count = () => app.dataSource.getRepository('Team').count({ cache: true })
  const before = await count()
  app.invalidated.length = 0
  await app.dataSource.query("INSERT INTO teams (name) VALUES ('unseen')")
  expect([app.invalidated, await count()]).toEqual([[], before])
})
