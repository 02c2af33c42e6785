/** The same places, through the cache: three reads, and one write that says what it changed. */

import { type Cache, type Key, entry } from '@stratacache/core'

import type { Places } from './places.ts'
import type { Source } from './source.ts'

const cityKey = (id: number): Key => ['city', id]
const cityTag = (id: number) => `city:${id}`
const countryTag = (code: string) => `country:${code}`

export function cachedPlaces(cache: Cache, source: Source): Places {
  return {
    city: (id) => cache.getOrSet(cityKey(id), () => source.city(id)),

    nearby: (id) =>
      cache.getOrSet(['nearby', id], async () => {
        const neighbours = await source.nearby(id)
        // Which cities a list depends on is known only once it is loaded: the loader returns the tags with it.
        return entry(neighbours, { tags: neighbours.map((city) => cityTag(city.id)) })
      }),

    country: (code) => cache.getOrSet(['country', code], () => source.country(code), { tags: [countryTag(code)] }),

    async setPopulation(id, population) {
      const update = await source.setPopulation(id, population)
      if (!update) return undefined
      const invalidation = await cache.invalidate({
        keys: [cityKey(id)],
        tags: [cityTag(id), countryTag(update.city.country)],
      })
      return { ...update, invalidation }
    },
  }
}
