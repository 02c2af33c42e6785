import { type Cache, ConfigError, createCache, entry, type Loaded } from '@stratacache/core'
import { cached } from '@stratacache/core/decorators'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let cache: Cache
const calls: string[] = []
beforeEach(() => {
  cache = createCache()
  calls.length = 0
})
afterEach(() => cache.close())

/** Decorators run with the class, which is there before any cache of a test. */
const ofTest = (): Cache => cache

class Users {
  readonly tenant: string

  constructor(tenant = 'acme') {
    this.tenant = tenant
  }

  @cached(ofTest, { name: 'user', tags: (user) => [user.team, 'users'] })
  async find(id: number) {
    calls.push(`${this.tenant} ${id}`)
    return { id, team: `team:${id % 2}` }
  }

  @cached(ofTest, {
    name: 'tenant',
    key(id) {
      return [this.tenant, id]
    },
    tags(_value, id) {
      return [`${this.tenant}-${id}`]
    },
  })
  async ofTenant(id: number) {
    return `${this.tenant} ${id} ${calls.push('ofTenant')}`
  }

  @cached(ofTest, { name: 'search' })
  async search(matches: (id: number) => boolean) {
    return [1, 2].filter(matches)
  }

  @cached(ofTest, { name: 'sync', key: () => 'all' })
  sync(isBroken = false): number | Promise<number> {
    if (isBroken) throw new Error('at once')
    return calls.push('sync')
  }

  @cached(ofTest, { name: 'entry', ttl: '1h' })
  async withOptions(id: number): Promise<number | Loaded<number>> {
    return entry(id, { tags: [`entry:${id}`] })
  }

  @cached(ofTest, { name: 'secret' })
  async #secret(id: number) {
    return `${this.tenant} ${id} ${calls.push('secret')}`
  }

  secret(id: number) {
    return this.#secret(id)
  }

  @cached(ofTest, { name: 'count', tags: ['users'] })
  static async count() {
    return calls.push(this.name)
  }
}

class Admins extends Users {
  override async find(id: number) {
    const { team } = await super.find(id)
    return { id, team: `admin:${team}` }
  }
}

describe('@cached', () => {
  it('calls the method once for a key, whoever asks and however many', async () => {
    const [users, others] = [new Users(), new Users('other')]
    const all = await Promise.all([users.find(1), users.find(1), others.find(1), users.find(2)])
    expect(calls).toEqual(['acme 1', 'acme 2'])
    expect(all.map(({ id }) => id)).toEqual([1, 1, 1, 2])
    expect(cache.getSync('user:1')).toBe(all[0])
  })

  it('has the keys of a wrapped function', async () => {
    await new Users().find(7)
    const wrapped = cache.wrap('user', (id: number) => Promise.reject(new Error(`${id} is cached`)))
    expect(await wrapped(7)).toEqual({ id: 7, team: 'team:1' })
  })

  it('tags what it keeps, by the value and the arguments', async () => {
    const users = new Users()
    await users.find(1)
    await users.find(2)
    await cache.invalidateTags('team:1')
    expect([cache.getSync('user:1'), cache.getSync('user:2')]).toEqual([undefined, { id: 2, team: 'team:0' }])
    await Users.count()
    await cache.invalidateTags('users')
    expect([cache.getSync('user:2'), cache.getSync('count:')]).toEqual([undefined, undefined])
  })

  it("gives 'key' and 'tags' the object", async () => {
    expect(await new Users('a').ofTenant(1)).toBe('a 1 1')
    expect(await new Users('b').ofTenant(1)).toBe('b 1 2')
    expect(await new Users('a').ofTenant(1)).toBe('a 1 1')
    expect(cache.getSync('tenant:a:1')).toBe('a 1 1')
    await cache.invalidateTags('b-1')
    expect([cache.getSync('tenant:a:1'), cache.getSync('tenant:b:1')]).toEqual(['a 1 1', undefined])
  })

  it('works on static, private and inherited methods', async () => {
    expect([await Users.count(), await Users.count()]).toEqual([1, 1])
    expect(calls).toEqual(['Users'])
    const users = new Users()
    expect([await users.secret(1), await users.secret(1)]).toEqual(['acme 1 2', 'acme 1 2'])
    const admins = new Admins()
    expect(await Promise.all([admins.find(3), admins.find(3), users.find(3)])).toEqual([{ id: 3, team: 'admin:team:1' }, { id: 3, team: 'admin:team:1' }, { id: 3, team: 'team:1' }])
    expect(calls.filter((call) => call === 'acme 3')).toEqual(['acme 3'])
  })

  it("keeps the method's name, length and place", () => {
    const { find } = Users.prototype
    expect([find.name, find.length, Users.count.name]).toEqual(['find', 1, 'count'])
    expect(Object.keys(new Users())).toEqual(['tenant'])
  })

  it("hands on errors", async () => {
    const users = new Users()
    await expect(users.search(() => true)).rejects.toThrow("give 'key'")
    await expect(users.sync(true)).rejects.toThrow('at once')
    expect(cache.stats().loads).toMatchObject({ success: 0, error: 1 })
  })

  it('answers a promise where the method does not, and takes the value out of an entry', async () => {
    expect(new Users().sync()).toBeInstanceOf(Promise)
    expect(await new Users().sync()).toBe(1)
    expect(await new Users().withOptions(5)).toBe(5)
    await cache.invalidateTags('entry:5')
    expect(cache.getSync('entry:5')).toBe(undefined)
  })

  it('asks for the cache at every call, and for what it caches once for each', async () => {
    const caches = [createCache(), createCache()] as const
    class Service {
      readonly cache: Cache
      constructor(own: Cache) {
        this.cache = own
      }

      @cached((self) => self.cache, { name: 'next' })
      async next() {
        return calls.push('next')
      }
    }
    const services = caches.map((own) => new Service(own))
    for (let round = 0; round < 2; round++) expect(await Promise.all(services.map((service) => service.next()))).toEqual([1, 2])
    await caches[0].close()
    await expect(services[0]!.next()).rejects.toMatchObject({ code: 'STRATA_CLOSED' })
    expect(await services[1]!.next()).toBe(2)
    await expect(new Service(undefined as never).next()).rejects.toThrow(TypeError)
    await caches[1].close()
  })

  it('says where it does not belong', () => {
    const decorate = cached<object, [], number>(cache, { name: 'a' }) as (...args: unknown[]) => unknown
    const method = async (): Promise<number> => 1
    expect(() => decorate({}, 'find', { value: method })).toThrow(ConfigError)
    expect(() => decorate({}, 'find', { value: method })).toThrow(`@cached must be compiled as a standard decorator: without 'experimentalDecorators' in tsconfig.json, got "find"`)
    for (const kind of ['getter', 'setter', 'accessor', 'class', 'field']) expect(() => decorate(method, { kind })).toThrow(`@cached must be on a method, got "${kind}"`)
    expect(() => cached(cache, { name: '' })).toThrow('name must be a non-empty string')
    expect(() => cached(cache, {} as never)).toThrow(ConfigError)
  })
})
