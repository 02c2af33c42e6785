import { type Cache, entry } from '@stratacache/core'
import { cached, invalidates } from '@stratacache/core/decorators'
import { expectTypeOf } from 'vitest'

/* What must compile, and what must not. Checked by `pnpm run check:types`. */

declare const cache: Cache
interface User {
  readonly id: number
  readonly team: string
}
declare const loadUser: (id: number) => Promise<User>

// The method tells the types: nothing is annotated.
class Users {
  readonly tenant = 'acme'
  readonly cache = cache

  @cached(cache, {
    name: 'user',
    ttl: '5m',
    key(id) {
      expectTypeOf(this).toEqualTypeOf<Users>()
      expectTypeOf(id).toEqualTypeOf<number>()
      return [this.tenant, id]
    },
    tags(user, id) {
      expectTypeOf(user).toEqualTypeOf<User>()
      expectTypeOf(id).toEqualTypeOf<number>()
      return [this.tenant, user.team, String(id)]
    },
  })
  async find(id: number): Promise<User> {
    return loadUser(id)
  }

  @cached(cache, { name: 'all', tags: (users) => users.map((user) => user.team) })
  all(): Promise<User[]> | User[] {
    return []
  }

  @cached(cache, { name: 'entry', tags: (user) => [user.team] })
  async withEntry(id: number) {
    const user = await loadUser(id)
    return Math.random() > 2 ? user : entry(user, { ttl: '1m' })
  }

  @cached((users) => users.cache, { name: 'private', tags: ['users'] })
  async #secret(id: number) {
    return id
  }

  @cached(cache, { name: 'static' })
  static async count() {
    return 1
  }

  @invalidates((users) => users.cache, function (id, name) {
    expectTypeOf(this).toEqualTypeOf<Users>()
    expectTypeOf(name).toEqualTypeOf<string>()
    return { keys: [['user', this.tenant, id]] }
  })
  async rename(id: number, name: string) {
    return this.#secret(id + name.length)
  }

  @invalidates(cache, { tags: ['users'] })
  async clear() {}
}
expectTypeOf(new Users().find(1)).resolves.toEqualTypeOf<User>()
expectTypeOf(Users.count()).resolves.toEqualTypeOf<number>()
expectTypeOf(new Users().rename(1, 'a')).resolves.toEqualTypeOf<number>()

// @ts-expect-error a class is no method
@cached(cache, { name: 'a' })
export class Wrong {
  // @ts-expect-error the caller would get a promise where a number is promised
  @cached(cache, { name: 'a' })
  sync() {
    return 1
  }

  // @ts-expect-error nobody would wait for the invalidation
  @invalidates(cache, { tags: ['a'] })
  syncWrite() {}

  // @ts-expect-error an accessor is no method
  @cached(cache, { name: 'a' })
  get accessor() {
    return Promise.resolve(1)
  }

  // @ts-expect-error a field is no method
  @cached(cache, { name: 'a' })
  field = async () => 1

  // @ts-expect-error a name is needed
  @cached(cache, { ttl: '5m' })
  async unnamed() {}

  // @ts-expect-error no such option
  @cached(cache, { name: 'a', tll: '5m' })
  async misspelt() {}

  // @ts-expect-error the method has a number
  @cached(cache, { name: 'a', key: (id: string) => id })
  async otherArgument(id: number) {
    return id
  }

  // @ts-expect-error neither keys nor tags
  @invalidates(cache, () => ({ key: 'a' }))
  async noTarget() {}
}
