import { createCache } from '@stratacache/core'
import { manualClock } from '@stratacache/core/testing'
import { startProxy, until } from 'test-support'
import { afterEach, expect, it, vi } from 'vitest'
import { databases } from './support/databases.ts'
import { Team } from './support/entities.ts'
import { App } from './support/town.ts'
import { typeormCache } from '../src/index.ts'

const rejected = vi.fn<(error: unknown) => void>()
process.on('unhandledRejection', rejected)
afterEach(() => expect(rejected).not.toHaveBeenCalled())

it('a write is done whatever becomes of its invalidation: told to onError and as an event, once each', async () => {
  await using database = await databases[0]!.start()
  const told: unknown[] = []
  await using app = await App.open(database, { orm: { onError: (error) => {
    told.push(error)
    throw new Error('so does this')
  } } })
  const events: unknown[] = []
  app.cache.on('sourceError', ({ error }) => events.push(error))
  await app.cache.close()
  await app.dataSource.getRepository(Team).insert({ name: 'green' })
  await app.dataSource.transaction((manager) => manager.save(Team, { name: 'blue' }))
  expect(await app.dataSource.getRepository(Team).count()).toBe(2)
  expect(told.map((error) => (error as Error).name)).toEqual(['ClosedError', 'ClosedError'])
  expect(events.map((error) => (error as Error).message)).toEqual(expect.arrayContaining(['so does this', 'so does this']))
  expect(events).toHaveLength(4)
})

it('one that follows two data sources tells each of its own', async () => {
  const [own, others]: unknown[][] = [[], []]
  const cache = createCache()
  const [one] = [typeormCache(cache, { onError: (error) => own!.push(error) }), typeormCache(cache, { onError: (error) => others!.push(error) })]
  await using database = await databases[0]!.start()
  await using app = await App.open(database)
  one.attach(app.dataSource)
  await cache.close()
  await app.dataSource.getRepository(Team).insert({ name: 'green' })
  expect([own!.length, others!.length]).toEqual([1, 0])
})

it('a commit whose answer is lost invalidates, and lets nothing be kept that is read soon after', async () => {
  const clock = manualClock()
  await using database = await databases.find(({ name }) => name === 'PostgreSQL')!.start()
  await using other = await App.open(database)
  const url = new URL((other.dataSource.options as { url: string }).url)
  await using proxy = await startProxy({ port: Number(url.port) })
  url.port = String(proxy.port)
  await using app = await App.open(database, { cache: { clock }, source: { url: url.href, dropSchema: false, synchronize: false } as object })
  const teams = () => app.dataSource.getRepository(Team).find({ cache: true })
  expect(await teams()).toEqual([])
  const committed = app.dataSource.transaction(async (manager) => {
    await manager.insert(Team, { name: 'green' })
    proxy.pauseDirection('down')
  })
  await until('it is committed', async () => (await other.dataSource.getRepository(Team).count()) === 1)
  await Promise.all([expect(committed).rejects.toThrow('Connection terminated'), proxy.cut()])
  proxy.resume()
  await proxy.restore()
  expect(app.invalidated).toEqual([['teams', 'teams:1']])
  const isKept = async (): Promise<boolean> => {
    expect(await teams()).toHaveLength(1)
    const { loads } = app
    await teams()
    return app.loads === loads
  }
  expect(await isKept()).toBe(false)
  await clock.advance(4_900)
  expect(await isKept()).toBe(false)
  await clock.advance(200)
  expect(await isKept()).toBe(true)
})

it('what cannot be made out invalidates everything', async () => {
  await using database = await databases[0]!.start()
  await using app = await App.open(database)
  // A statement that no reader of SQL was made for.
  const [subscriber] = app.dataSource.subscribers
  const broken = { get query(): string { throw new Error('unreadable') }, parameters: [], success: true, queryRunner: app.dataSource.createQueryRunner() }
  app.invalidated.length = 0
  await subscriber!.afterQuery!(broken as never)
  expect(app.invalidated).toEqual([expect.arrayContaining(['user', 'user:*', 'teams', 'teams:*'])])
  expect(app.errors.map((error) => (error as Error).message)).toContain('unreadable')
})
