import { cacheAside, type CacheConfig, createCache, memory, systemClock, type Tier, tier } from '@stratacache/core'
import { type Library, type Setup, TTL_MS } from './library.ts'

/* Caches that were told something that is no business of a hit. */

const of = (option: string, settings: CacheConfig, below?: (load: Setup['load']) => Tier): Library => ({
  name: `stratacache getOrSet, ${option}`,
  async open({ entries, load }) {
    const cache = createCache({ name: 'users', tiers: [memory({ maxEntries: entries }), ...(below === undefined ? [] : [below(load)])], ttl: TTL_MS, ...settings })
    return { read: (key) => cache.getOrSet(key, () => load(key)), close: () => cache.close() }
  },
})

export const unused: readonly Library[] = [
  of('read: cacheAside()', { read: cacheAside() }),
  of('shadow: { sample: 0 }', { shadow: { sample: 0 } }),
  of('readOnly: true', { readOnly: true }, filled),
]

/** A chance in 10⁹ is as good as none: what a read pays that is not one of the sample. */
export const shadowed: Library = of('shadow: { sample: 1e-9 }', { shadow: { sample: 1e-9 } })

/** A tier that has every user: what is loaded by a cache that is `readOnly` is not kept, only what it finds. */
function filled(load: Setup['load']): Tier {
  return tier({
    name: 'filled',
    get: async (key) => {
      const value = await load(key.slice('users:'.length))
      const now = systemClock.now()
      return { value, asOf: Number.MAX_SAFE_INTEGER, storedAt: now, freshUntil: now + TTL_MS, staleFor: 0, errorFor: 0, loadMs: 0, tags: [], version: undefined }
    },
    set: () => {},
    delete: () => {},
  })
}
