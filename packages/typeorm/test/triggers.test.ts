import { manualClock, rest } from '@stratacache/core/testing'
import pg from 'pg'
import { startProxy, until } from 'test-support'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTriggers, dropTriggers, typeormCache } from '../src/index.ts'
import { type Database, databases } from './support/databases.ts'
import { Post, User } from './support/entities.ts'
import { readingsOf } from './support/readings.ts'
import { App, seed } from './support/town.ts'

describe('triggers on PostgreSQL', () => {
  let database: Database
  let app: App
  /** Somebody who knows nothing of the application. */
  let psql: pg.Client

  beforeAll(async () => {
    database = await databases.find(({ name }) => name === 'PostgreSQL')!.start()
    app = await App.open(database, { orm: { triggers: { create: false, heartbeat: '1s' }, entities: { negativeTtl: '1h' } } })
    await using queryRunner = app.dataSource.createQueryRunner()
    await createTriggers(queryRunner)
    const { url } = app.dataSource.options as { url: string }
    psql = new pg.Client(url)
    await psql.connect()
  })

  afterAll(async () => {
    await psql.end()
    await app[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })

  beforeEach(async () => {
    await database.empty(app.dataSource)
    await seed(app.dataSource)
    // What the seed was told of has been heard.
    await psql.query(`SELECT pg_notify('stratacache_changes', '{"table":"seeded"}')`)
    await until('the seed is heard of', async () => app.invalidated.some((tags) => tags.includes('seeded')))
    app.invalidated.length = 0
    app.errors.length = 0
  })

  const tagsOf = async (sql: string): Promise<string[]> => {
    app.invalidated.length = 0
    await psql.query(sql)
    await until('it is heard of', async () => app.invalidated.length > 0, { everyMs: 1 })
    return app.invalidated.flat()
  }

  /** Connections that were last told to listen, or are to. */
  const listenerOf = async (): Promise<unknown[]> =>
    (await psql.query<{ pid: number }>("SELECT pid FROM pg_stat_activity WHERE query ~ '^(LISTEN|SELECT 1$)' ORDER BY pid")).rows

  it.each([
    ['UPDATE "user" SET name = \'x\' WHERE id = 1', ['user', 'user:1']],
    ['UPDATE "user" SET score = 5', ['user', 'user:1', 'user:2', 'user:3']],
    ['INSERT INTO teams (name) VALUES (\'x\')', ['teams', 'teams:3']],
    ['DELETE FROM comment WHERE id = 2', ['comment', 'comment:2']],
    ['UPDATE price SET amount = 9 WHERE country = \'fr\'', ['price', 'price:pen:fr']],
    ['UPDATE tag SET tag_key = \'new:s\' WHERE tag_key = \'dogs\'', ['tag', 'tag:dogs', 'tag:new%3As']],
    ['INSERT INTO post_tags_tag VALUES (3, \'dogs\')', ['post_tags_tag', 'post_tags_tag:3:dogs', 'post:3', 'tag:dogs']],
    ['INSERT INTO comment (text) SELECT \'x\' FROM generate_series(1, 150)', ['comment', 'comment:*']],
    ['INSERT INTO comment (text) SELECT \'x\' FROM generate_series(1, 5000)', ['comment', 'comment:*']],
    ['INSERT INTO tag SELECT repeat(i::text, 4000), \'long\' FROM generate_series(1, 3) AS i', ['tag', 'tag:*']],
    ['TRUNCATE comment', ['comment', 'comment:*']],
  ])('%s', async (sql, tags) => {
    expect(new Set(await tagsOf(sql))).toEqual(new Set(tags))
    expect(app.errors).toEqual([])
  })

  it('follow what the database cascades', async () => {
    expect(new Set(await tagsOf('DELETE FROM "user" WHERE id = 1'))).toEqual(new Set([
      'user', 'user:1', 'profile', 'profile:1', 'post', 'post:1', 'comment', 'comment:1', 'comment:2',
      'post_tags_tag', 'post_tags_tag:1:news', 'post_tags_tag:1:cats', 'tag:news', 'tag:cats',
    ]))
  })

  it('tell after the commit, and nothing of what is rolled back or changes nothing', async () => {
    await psql.query('BEGIN')
    await psql.query('UPDATE "user" SET name = \'x\' WHERE id = 1')
    await psql.query('ROLLBACK')
    await psql.query('UPDATE "user" SET name = \'x\' WHERE id = 99')
    expect(await tagsOf('DELETE FROM comment WHERE id = 1')).toEqual(['comment', 'comment:1'])
  })

  it('make every cached read right again', async () => {
    const readings = readingsOf(app)
    for (const sql of ['UPDATE "user" SET name = \'y\' WHERE id = 2', 'DELETE FROM post WHERE id = 1', 'UPDATE teams SET name = \'z\'', 'DELETE FROM "user"']) {
      for (const { cached } of readings) await cached()
      await tagsOf(sql)
      for (const { name, cached, fresh } of readings) {
        await until(name, async () => JSON.stringify(await cached()) === JSON.stringify(await fresh()))
        expect(await cached(), name).toEqual(await fresh())
      }
    }
  })

  it('a write is noticed within 100 ms', async () => {
    const names = () => app.dataSource.getRepository(User).findOneOrFail({ where: { id: 1 }, cache: true })
    const took: number[] = []
    for (let i = 0; i < 20; i++) {
      await names()
      const start = performance.now()
      await psql.query(`UPDATE "user" SET name = 'name ${i}' WHERE id = 1`)
      await until('it is noticed', async () => (await names()).name === `name ${i}`, { everyMs: 1 })
      took.push(performance.now() - start)
    }
    // The median: this machine has other things to do.
    expect(took.toSorted((a, b) => a - b)[10]).toBeLessThan(100)
  })

  it('after a lost connection, what may have been missed is invalidated', async () => {
    const title = () => app.dataSource.getRepository(Post).findOneOrFail({ where: { id: 1 }, cache: true })
    await title()
    await psql.query('SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()')
    await psql.query("UPDATE post SET title = 'missed' WHERE id = 1")
    await until('it is right again', async () => (await title()).title === 'missed')
    expect(app.invalidated).toContainEqual(expect.arrayContaining(['post', 'post:*', 'user', 'user:*']))
    expect(await tagsOf('DELETE FROM comment WHERE id = 1')).toEqual(['comment', 'comment:1'])
  })

  it('are listened to by one connection, which is the pool\'s again when the cache is closed', async () => {
    const source = { dropSchema: false, synchronize: false, poolSize: 2 }
    const other = await App.open(database, { orm: { triggers: { create: false } }, source })
    other.orm.attach(other.dataSource).attach(other.dataSource)
    await until('it listens', async () => other.invalidated.length > 0)
    const runners = [other.dataSource.createQueryRunner(), other.dataSource.createQueryRunner()]
    // There is one beside it.
    await runners[0]!.query('SELECT 1')
    await other.cache.close()
    for (const queryRunner of runners) expect(await queryRunner.query('SELECT pg_listening_channels()')).toEqual([])
    for (const queryRunner of runners) await queryRunner.release()
    await other.dataSource.destroy()
  })

  it('a connection that is dead is noticed, though nobody says so', async () => {
    const { port } = new URL((app.dataSource.options as { url: string }).url)
    await using proxy = await startProxy({ port: Number(port) })
    const url = (app.dataSource.options as { url: string }).url.replace(port, String(proxy.port))
    const clock = manualClock()
    await using other = await App.open(database, { orm: { triggers: { create: false, heartbeat: '10s' }, clock }, source: { url, dropSchema: false, synchronize: false } as object })
    const isToldOf = async (table: string): Promise<void> => {
      await psql.query(`SELECT pg_notify('stratacache_changes', '{"table":"${table}"}')`)
      await until(`it hears of ${table}`, async () => other.invalidated.some((tags) => tags.includes(table)))
    }
    await until('it listens', async () => other.invalidated.length > 0)
    await isToldOf('first')
    // It is asked, and answers.
    for (let i = 0; i < 5; i++) {
      await clock.advance(10_000)
      await psql.query('SELECT 1')
      await isToldOf(`beat${i}`)
    }
    const all = () => other.invalidated.filter((tags) => tags.includes('user:*')).length
    const [before, pid] = [all(), await listenerOf()]
    proxy.pauseDirection('up')
    await clock.advance(20_000)
    await rest()
    proxy.resume()
    await until('it listens again', async () => {
      await clock.advance(10)
      return all() > before
    })
    expect(await listenerOf()).not.toEqual(pid)
    await isToldOf('last')
    expect(other.errors).toEqual([])
  })

  it('what cannot be understood makes everything invalid', async () => {
    expect(await tagsOf("SELECT pg_notify('stratacache_changes', 'gibberish')")).toEqual(expect.arrayContaining(['user', 'user:*', 'post', 'post:*']))
    expect(app.errors).toEqual([expect.any(SyntaxError)])
  })

  it('are created once, at the start too, and dropped', async () => {
    const count = async (): Promise<number> => Number((await psql.query("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'stratacache_%'")).rows[0].count)
    const all = await count()
    expect(all).toBe(11 * 4)
    const oids = async (): Promise<unknown> => (await psql.query("SELECT array_agg(oid ORDER BY oid) AS all FROM pg_trigger WHERE tgname LIKE 'stratacache_%'")).rows[0].all
    const before = await oids()
    await using queryRunner = app.dataSource.createQueryRunner()
    await createTriggers(queryRunner)
    expect(await oids()).toEqual(before)
    await dropTriggers(queryRunner)
    expect(await count()).toBe(0)
    await using other = await App.open(database, { orm: { triggers: true }, source: { dropSchema: false, synchronize: false } })
    await until('they are there', async () => (await count()) === all)
    await until('they are listened to', async () => other.invalidated.length > 0)
    expect(other.errors).toEqual([])
  })

  it('are refused where there are none', async () => {
    await using sqlite = await databases[0]!.start()
    const plain = await App.open(sqlite)
    const orm = typeormCache(plain.cache, { triggers: true })
    expect(() => orm.attach(plain.dataSource)).toThrow("triggers must be used with PostgreSQL")
    await plain[Symbol.asyncDispose]()
  })
})
