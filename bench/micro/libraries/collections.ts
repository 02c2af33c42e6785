import { type Collection, createCache, memory, type WriteStrategy, writeBehind } from '@stratacache/core'
import { KEYS, type User } from '../users.ts'
import { type Library, type Setup, TTL_MS } from './library.ts'

/* The other ways to the same hit. Keys are numbers, as of rows. */

interface Users {
  readonly users: Collection<number, User>
  readonly close: () => Promise<void>
}

const STRATEGIES: readonly { readonly suffix: string; readonly writeStrategy: (() => WriteStrategy) | undefined }[] = [
  { suffix: '', writeStrategy: undefined },
  { suffix: ', writeBehind() with nothing queued', writeStrategy: () => writeBehind() },
]

export const collections: readonly Library[] = STRATEGIES.map(({ suffix, writeStrategy }) => ({
  name: `stratacache collection get${suffix}`,
  async open(setup) {
    const { users, close } = open(setup, writeStrategy?.())
    return { read: (_key, id) => users.get(id), close }
  },
}))

export const collectionsSync: readonly Library[] = STRATEGIES.map(({ suffix, writeStrategy }) => ({
  name: `stratacache collection getSync${suffix}`,
  async open(setup) {
    const { users, close } = open(setup, writeStrategy?.())
    for (const id of KEYS.keys()) await users.get(id)
    return { read: (_key, id) => users.getSync(id), close }
  },
}))

export const wrapped: Library = {
  name: 'stratacache wrapped function',
  async open(setup) {
    const { user, close } = wrap(setup)
    return { read: (_key, id) => user(id), close }
  },
}

export const wrappedSync: Library = {
  name: 'stratacache wrapped function, getSync',
  async open(setup) {
    const { user, close } = wrap(setup)
    for (const id of KEYS.keys()) await user(id)
    return { read: (_key, id) => user.getSync(id), close }
  },
}

function open({ entries, load }: Setup, writeStrategy: WriteStrategy | undefined): Users {
  const cache = createCache({ tiers: [memory({ maxEntries: entries })], ttl: TTL_MS })
  const users = cache.collection('user', { load: (id: number) => load(KEYS[id]!), write: () => {}, writeStrategy })
  return { users, close: () => cache.close() }
}

function wrap({ entries, load }: Setup) {
  const cache = createCache({ tiers: [memory({ maxEntries: entries })], ttl: TTL_MS })
  return { user: cache.wrap('user', (id: number) => load(KEYS[id]!)), close: () => cache.close() }
}
