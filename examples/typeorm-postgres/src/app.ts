import { setTimeout as delay } from 'node:timers/promises'
import { type Cache, createCache, memory } from '@stratacache/core'
import { redis } from '@stratacache/redis'
import { type TypeormCache, typeormCache } from '@stratacache/typeorm'
import { DataSource } from 'typeorm'
import { entities } from './entities.ts'

/** What happened while something ran. */
export interface Watched<R> {
  readonly result: R
  /** What the database was asked. */
  readonly statements: readonly string[]
  /** What this application has made invalid. */
  readonly tags: readonly string[]
}

const HEARD_WITHIN_MS = 2_000

/** The application, as each of its processes has it. */
export class App implements AsyncDisposable {
  readonly cache: Cache
  readonly orm: TypeormCache
  readonly dataSource: DataSource
  #statements: string[] = []
  #tags: string[] = []

  private constructor(cache: Cache, orm: TypeormCache, dataSource: DataSource) {
    this.cache = cache
    this.orm = orm
    this.dataSource = dataSource
    dataSource.subscribers.push({ afterQuery: ({ query }) => void this.#statements.push(query) })
    cache.on('invalidate', ({ tags, origin }) => {
      if (origin === 'local') this.#tags.push(...tags.map((tag) => tag.slice(cache.name.length + 1)))
    })
  }

  static async open(url: string, redisUrl: string): Promise<App> {
    // The set-up.
    const cache = createCache({ name: 'shop', tiers: [memory({ maxEntries: 10_000 }), redis({ url: redisUrl })], ttl: '5m' })
    const orm = typeormCache(cache)
    const dataSource = new DataSource({ type: 'postgres', url, entities, subscribers: [orm.Subscriber], cache: orm.queryCache({ ttl: '1m' }) })
    // Its end.
    await Promise.all([dataSource.initialize(), cache.ready()])
    return new App(cache, orm, dataSource)
  }

  async watch<R>(run: () => Promise<R>): Promise<Watched<R>> {
    const [statements, tags] = [(this.#statements = []), (this.#tags = [])] as [string[], string[]]
    return { result: await run(), statements, tags }
  }

  /** Whether another process has told of an invalidation, from now on, within two seconds. */
  async hears(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<true>()
    const stop = this.cache.on('invalidate', ({ origin }) => origin === 'remote' && resolve(true))
    const heard = await Promise.race([promise, delay(HEARD_WITHIN_MS, false, { ref: false })])
    stop()
    return heard
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dataSource.destroy()
    await this.cache.close()
  }
}
