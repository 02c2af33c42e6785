import type { EntityManager } from 'typeorm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Database, databases } from './support/databases.ts'
import { Tag, User } from './support/entities.ts'
import { type Operation, operations } from './support/operations.ts'
import { type Reading, readingsOf } from './support/readings.ts'
import { App, seed } from './support/town.ts'

class Undo extends Error {}

/** A transaction that is not to be. */
async function undone(work: Promise<unknown>): Promise<void> {
  await expect(work).rejects.toThrow(Undo)
}

interface Way {
  readonly name: string
  readonly run: (app: App, operation: Operation) => Promise<void>
  /** Nothing of it is committed. */
  readonly isUndone?: boolean
}

async function byHand({ dataSource }: App, work: (manager: EntityManager) => Promise<unknown>, end: 'COMMIT' | 'ROLLBACK'): Promise<void> {
  const queryRunner = dataSource.createQueryRunner()
  try {
    await queryRunner.query('BEGIN')
    await work(queryRunner.manager)
    await queryRunner.query(end)
  } finally {
    await queryRunner.release()
  }
}

/** In which transactions a write may be. */
const ways: readonly Way[] = [
  { name: 'alone', run: async ({ dataSource }, { run }) => void (await run(dataSource.manager)) },
  { name: 'committed', run: async ({ dataSource }, { run }) => void (await dataSource.transaction(run)) },
  {
    name: 'rolled back',
    isUndone: true,
    run: ({ dataSource }, { run }) => undone(dataSource.transaction(async (m) => {
      await run(m)
      throw new Undo()
    })),
  },
  { name: 'in a savepoint, committed', run: async ({ dataSource }, { run }) => void (await dataSource.transaction((m) => m.transaction(run))) },
  {
    name: 'in a savepoint, rolled back',
    isUndone: true,
    run: async ({ dataSource }, { run }) => {
      await dataSource.transaction((m) => undone(m.transaction(async (inner) => {
        await run(inner)
        throw new Undo()
      })))
    },
  },
  {
    name: 'in a savepoint, committed, in a transaction that is rolled back',
    isUndone: true,
    run: ({ dataSource }, { run }) => undone(dataSource.transaction(async (m) => {
      await m.transaction(run)
      throw new Undo()
    })),
  },
]

/** TypeORM makes transactions of its own within, which a BEGIN by hand does not know of. */
const waysByHand: readonly Way[] = [
  { name: 'by hand, committed', run: (app, { run }) => byHand(app, run, 'COMMIT') },
  { name: 'by hand, rolled back', isUndone: true, run: (app, { run }) => byHand(app, run, 'ROLLBACK') },
]

describe.each(databases)('$name', ({ name: databaseName, start }) => {
  let database: Database
  let app: App
  let readings: readonly Reading[]

  beforeAll(async () => {
    database = await start()
    // What is not there is remembered too.
    app = await App.open(database, { orm: { entities: { negativeTtl: '1h' } } })
    readings = readingsOf(app)
  })

  afterAll(async () => {
    await app[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })

  beforeEach(async () => {
    await database.empty(app.dataSource)
    await seed(app.dataSource)
    for (const { cached } of readings) await cached()
    app.invalidated.length = 0
  })

  const expectCoherent = async (): Promise<void> => {
    for (const { name, cached, fresh } of readings) {
      expect.soft(await cached(), name).toEqual(await fresh())
    }
    expect(app.errors).toEqual([])
  }

  it('serves every read from the cache', async () => {
    const { loads } = app
    for (const { cached } of readings) await cached()
    expect(app.loads).toBe(loads)
    await expectCoherent()
  })

  it('keeps transactions apart that are under way at once', async () => {
    // The one connection of SQLite has one transaction.
    if (!database.isServer) return
    const [one, two] = [app.dataSource.createQueryRunner(), app.dataSource.createQueryRunner()]
    await Promise.all([one, two].map((queryRunner) => queryRunner.startTransaction()))
    await one.manager.update(User, 1, { name: 'one' })
    await two.manager.update(Tag, 'cats', { label: 'two' })
    await one.startTransaction()
    await two.manager.update(User, 2, { name: 'two' })
    await one.manager.update(Tag, 'dogs', { label: 'one' })
    await one.rollbackTransaction()
    await two.rollbackTransaction()
    expect(app.invalidated).toEqual([])
    await one.commitTransaction()
    expect(app.invalidated).toEqual([['user', 'user:1']])
    await Promise.all([one.release(), two.release()])
    await expectCoherent()
  })

  const known = operations.filter(({ only }) => only === undefined || only.includes(databaseName))

  describe.each(known)('$name', (operation) => {
    const { committedBy, isIdle, name, run } = operation
    const begins = /^(?:save|remove|softRemove)/.test(name)
    const isAtOnce = committedBy?.includes(databaseName) ?? false
    // What commits by itself takes savepoints with it.
    const all = isAtOnce ? ways.slice(0, 2) : begins ? ways : [...ways, ...waysByHand]

    it.each(all)('$name', async ({ run: runIn, isUndone }) => {
      await runIn(app, operation)
      if (isUndone || isIdle) expect(app.invalidated).toEqual([])
      else expect(app.invalidated).not.toEqual([])
      await expectCoherent()
    })

    // On the one connection of SQLite there is nobody who could read meanwhile.
    if (databaseName !== 'SQLite' && !isAtOnce) it('serves nothing of it before the commit', async () => {
      await app.dataSource.transaction(async (manager) => {
        await run(manager)
        const { loads } = app
        for (const { cached } of readings) await cached()
        expect(app.loads).toBe(loads)
        expect(app.invalidated).toEqual([])
      })
      await expectCoherent()
    })
  })
})
