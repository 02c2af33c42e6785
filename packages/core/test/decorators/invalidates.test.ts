import { type Cache, ConfigError, createCache, type InvalidationResult } from '@stratacache/core'
import { invalidates } from '@stratacache/core/decorators'
import { rest } from '@stratacache/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let cache: Cache
beforeEach(() => {
  cache = createCache()
})
afterEach(() => cache.close())

const ofTest = (): Cache => cache
const broken = new Error('the target')

class Users {
  readonly tenant = 'acme'
  readonly gate = Promise.withResolvers<string>()

  @invalidates(ofTest, function (id) {
    return { keys: [['user', this.tenant, id]], tags: ['users'] }
  })
  async rename(id: number, isBroken = false) {
    const name = await this.gate.promise
    if (isBroken) throw new Error(`no user ${id}`)
    return name
  }

  @invalidates(ofTest, { tags: ['users'] })
  static async clear() {
    return this.name
  }

  @invalidates(ofTest, () => {
    throw broken
  })
  async noTarget(isBroken: boolean) {
    if (isBroken) throw new Error('the method')
  }

  save(id: number) {
    return this.#save(id)
  }

  @invalidates(ofTest, (id) => ({ keys: [`user:acme:${id}`] }))
  async #save(id: number) {
    return id
  }
}

const key = ['user', 'acme', 1]
const fill = () => Promise.all([cache.set(key, 'old'), cache.set('list', 'old', { tags: ['users'] })])
const kept = () => [cache.getSync(key), cache.getSync('list')]

describe('@invalidates', () => {
  it('waits for the method, and its caller for the invalidation', async () => {
    await fill()
    const users = new Users()
    const applied = Promise.withResolvers<InvalidationResult>()
    const { invalidate } = cache
    let asked = 0
    cache.invalidate = async (target) => {
      asked++
      await applied.promise
      return invalidate.call(cache, target)
    }
    let answer: string | undefined
    const renaming = users.rename(1).then((name) => (answer = name))
    await rest()
    expect(asked).toBe(0)
    users.gate.resolve('Ada')
    await rest()
    expect([asked, answer]).toEqual([1, undefined])
    applied.resolve({ status: 'queued' })
    expect(await renaming).toBe('Ada')
    expect(kept()).toEqual([undefined, undefined])
  })

  it('invalidates where the method throws, which reaches the caller', async () => {
    await fill()
    const users = new Users()
    users.gate.resolve('Ada')
    await expect(users.rename(1, true)).rejects.toThrow('no user 1')
    expect(kept()).toEqual([undefined, undefined])
  })

  it('works on static and private methods', async () => {
    await fill()
    expect(await Users.clear()).toBe('Users')
    expect(kept()).toEqual(['old', undefined])
    expect(await new Users().save(1)).toBe(1)
    expect(kept()).toEqual([undefined, undefined])
    expect([Users.clear.name, Users.prototype.rename.name, Users.prototype.rename.length]).toEqual(['clear', 'rename', 1])
  })

  it("hands on its own failure, after the method's", async () => {
    await expect(new Users().noTarget(false)).rejects.toBe(broken)
    await expect(new Users().noTarget(true)).rejects.toThrow('the method')
    await cache.close()
    await expect(new Users().save(1)).rejects.toMatchObject({ code: 'STRATA_CLOSED' })
  })

  it('says where it does not belong', () => {
    const decorate = invalidates<object, [], number>(cache, { tags: ['a'] }) as (...args: unknown[]) => unknown
    const method = async (): Promise<number> => 1
    expect(() => decorate({}, 'save', { value: method })).toThrow(ConfigError)
    expect(() => decorate({}, 'save', { value: method })).toThrow("without 'experimentalDecorators'")
    expect(() => decorate(method, { kind: 'field' })).toThrow('@invalidates must be on a method, got "field"')
  })
})
