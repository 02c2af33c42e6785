import { type Cache, type CacheConfig, createCache, memory } from '@stratacache/core'
import type { DataSource, DataSourceOptions } from 'typeorm'
import { type TypeormCache, typeormCache, type TypeormCacheOptions } from '../../src/index.ts'
import type { Database } from './databases.ts'
import { Category, entities, Photo, Post, Price, Profile, Tag, Team, User, Video } from './entities.ts'

/** An application over a database: a data source with a cache. */
export class App implements AsyncDisposable {
  readonly cache: Cache
  readonly orm: TypeormCache
  readonly dataSource: DataSource
  /** Tags that were invalidated in this process, as they were asked for. */
  readonly invalidated: string[][] = []
  readonly errors: unknown[] = []

  private constructor(cache: Cache, orm: TypeormCache, dataSource: DataSource) {
    this.cache = cache
    this.orm = orm
    this.dataSource = dataSource
  }

  static async open(
    database: Database,
    { cache: config, orm: options, source }: { cache?: CacheConfig; orm?: TypeormCacheOptions; source?: Partial<DataSourceOptions> } = {},
  ): Promise<App> {
    const cache = createCache({ tiers: [memory({ maxEntries: 10_000 })], ...config })
    const errors: unknown[] = []
    const orm = typeormCache(cache, { onError: (error) => errors.push(error), ...options })
    const dataSource = await database.open({ entities, subscribers: [orm.Subscriber], cache: orm.queryCache(), ...source })
    const app = new App(cache, orm, dataSource)
    app.errors.push(...errors)
    cache.on('sourceError', ({ error }) => app.errors.push(error))
    cache.on('invalidate', ({ tags, origin }) => {
      if (origin === 'local') app.invalidated.push(tags.map((tag) => tag.slice(cache.name.length + 1)))
    })
    return app
  }

  /** How often the database was asked for something that was to be cached. */
  get loads(): number {
    return this.cache.stats().loads.success
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dataSource.destroy()
    await this.cache.close()
  }
}

/** A few rows of everything. Keys are counted from 1, in the order written here. */
export async function seed({ manager }: DataSource): Promise<void> {
  const [red, blue] = await manager.save(Team, [{ name: 'red' }, { name: 'blue' }])
  const address = { street: 'Main St', city: 'York' }
  const [ada, grace] = await manager.save(User, [
    { name: 'ada', score: 1, address, team: red! },
    { name: 'grace', score: 2, address: { ...address, city: 'Paris' }, team: blue! },
    { name: 'alan', score: 3, address, team: null },
  ])
  await manager.save(Profile, [{ text: 'of ada', user: ada! }, { text: 'of grace', user: grace! }])
  const [news, cats] = await manager.save(Tag, [{ code: 'news', label: 'News' }, { code: 'cats', label: 'Cats' }, { code: 'dogs', label: 'Dogs' }])
  await manager.save(Post, [
    { title: 'first', author: ada!, tags: [news!, cats!], comments: [{ text: 'nice' }, { text: 'good' }] },
    { title: 'second', author: grace!, tags: [cats!], comments: [{ text: 'hm' }] },
    { title: 'third', author: null },
  ])
  await manager.save(Price, [{ product: 'pen', country: 'uk', amount: 1 }, { product: 'pen', country: 'fr', amount: 2 }])
  const root = await manager.save(Category, { name: 'root' })
  const leaf = await manager.save(Category, { name: 'leaf', parent: root })
  await manager.save(Category, { name: 'bud', parent: leaf })
  await manager.save(Photo, { title: 'photo', width: 10 })
  await manager.save(Video, { title: 'video', seconds: 20 })
}
