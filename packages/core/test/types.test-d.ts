import { type Cache, type Cached, type Change, type Collection, createCache, entry, memory, noStore, notModified } from '@stratacache/core'
import { expectTypeOf } from 'vitest'

/* What must compile, and what must not. Checked by `pnpm run check:types`. */

declare const cache: Cache
interface User {
  readonly id: number
}
declare const loadUser: () => Promise<User>

// Types are inferred from the loader.
expectTypeOf(cache.getOrSet('a', loadUser)).resolves.toEqualTypeOf<User>()
expectTypeOf(cache.getOrSet('a', () => 1)).resolves.toEqualTypeOf<number>()
expectTypeOf(cache.getOrSet('a', async () => entry({ id: 1 }, { ttl: '1m' }))).resolves.toEqualTypeOf<{ id: number }>()
expectTypeOf(cache.getOrSet('a', () => noStore(1))).resolves.toEqualTypeOf<number>()
expectTypeOf(cache.getOrSet<User>('a', ({ stale }) => (stale ? notModified() : loadUser()))).resolves.toEqualTypeOf<User>()
expectTypeOf(cache.get<User>('a')).resolves.toEqualTypeOf<User | undefined>()
expectTypeOf(cache.getSync<User>('a')).toEqualTypeOf<User | undefined>()
expectTypeOf(cache.getMany<User>(['a'])).resolves.toEqualTypeOf<(User | undefined)[]>()
expectTypeOf(cache.getOrSetMany(['a', 'b'], (keys) => keys.map((key) => key.length))).resolves.toEqualTypeOf<(number | undefined)[]>()

// A wrapped function keeps its arguments.
const byId = cache.wrap('user', async (id: number, deep?: boolean) => ({ id, deep }))
expectTypeOf(byId).toEqualTypeOf<Cached<[id: number, deep?: boolean], { id: number; deep: boolean | undefined }>>()
expectTypeOf(byId(1)).resolves.toEqualTypeOf<{ id: number; deep: boolean | undefined }>()
cache.wrap('user', loadUser, { tags: (user) => [String(user.id)], ttl: '5m' })
// @ts-expect-error the argument is a number
void byId('1')

// A collection's keys and values are those of its loader, however it answers.
const users = cache.collection('users', { load: async (id: number): Promise<User | undefined> => ({ id }) })
expectTypeOf(users).toEqualTypeOf<Collection<number, User>>()
expectTypeOf(users.get(1)).resolves.toEqualTypeOf<User | undefined>()
expectTypeOf(users.getMany([1])).resolves.toEqualTypeOf<(User | undefined)[]>()
expectTypeOf(users.getSync(1)).toEqualTypeOf<User | undefined>()
expectTypeOf(cache.collection('a', { load: (key: string) => entry(key.length) })).toEqualTypeOf<Collection<string, number>>()
expectTypeOf(cache.collection('a', { loadMany: (ids: readonly number[]) => ids.map((id): User | undefined => ({ id })) })).toEqualTypeOf<Collection<number, User>>()
expectTypeOf(cache.collection('a', { loadMany: async (ids: readonly number[]) => new Map(ids.map((id) => [id, String(id)])) })).toEqualTypeOf<Collection<number, string>>()
expectTypeOf(cache.collection('a', { loadMany: (ids: readonly number[]) => ids.map((id) => (id > 0 ? { id } : new Error('no such id'))) })).toEqualTypeOf<
  Collection<number, { id: number }>
>()
cache.collection('users', {
  load: (id: number): User => ({ id }),
  loadMany: (ids) => ids.map((id) => ({ id })),
  write: async (id, user) => {
    expectTypeOf(id).toEqualTypeOf<number>()
    expectTypeOf(user).toEqualTypeOf<User>()
    return entry(user, { version: 1n })
  },
  remove: (id) => void expectTypeOf(id).toEqualTypeOf<number>(),
  writeMany: (changes) => void expectTypeOf(changes).toEqualTypeOf<readonly Change<number, User>[]>(),
  tags: (user, id) => [`user:${user.id}`, `id:${id}`],
  key: (id) => ['by-id', id],
})
// @ts-expect-error the key is a number
void users.get('1')
// @ts-expect-error not a user
void users.set(1, { name: 'Ada' })
// @ts-expect-error a collection needs a loader
cache.collection('users', { ttl: '5m' })
// @ts-expect-error no such option
cache.collection('users', { load: (id: number) => id, tll: '5m' })

// Illegal states do not compile.
// @ts-expect-error a memory tier needs a bound
memory({})
// @ts-expect-error there is at least one tier
createCache({ tiers: [] })
// @ts-expect-error a duration string needs a unit
createCache({ ttl: '5' })
// @ts-expect-error no such option
createCache({ tll: '5m' })
// @ts-expect-error an event that does not exist
cache.on('hits', () => {})
// @ts-expect-error parts of a key are strings, numbers, bigints and booleans
void cache.get(['user', undefined])
// @ts-expect-error the message of another event
cache.on('hit', ({ reason }) => reason)

cache.on('stale', ({ key, reason }) => {
  expectTypeOf(key).toEqualTypeOf<string>()
  expectTypeOf(reason).toEqualTypeOf<'revalidate' | 'softTimeout' | 'error'>()
})
expectTypeOf(cache.invalidate({ keys: ['a'] })).resolves.toEqualTypeOf<{ readonly status: 'applied'; readonly stamp: number } | { readonly status: 'queued' }>()
