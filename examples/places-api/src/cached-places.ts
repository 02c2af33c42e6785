/** The same places, through the cache. Writes need no word: TypeORM tells of them. */

import { type Cache, entry } from '@stratacache/core'
import type { TypeormCache } from '@stratacache/typeorm'

import { City } from './database.ts'
import type { Country, Places } from './places.ts'
import type { Source } from './source.ts'

export function cachedPlaces(cache: Cache, orm: TypeormCache, source: Source): Places {
  return {
    city: async (id) => (await orm.repository(City).findById(id, { shared: true })) ?? undefined,

    nearby: (id) =>
      cache.getOrSet(['nearby', id], async () => {
        const neighbours = await source.nearby(id)
        // Which cities a list depends on is known only once it is loaded: the loader returns the tags with it.
        return entry(neighbours, { tags: neighbours.flatMap((city) => orm.tags(City, city.id)) })
      }),

    country: (code) => orm.cached(source.countryQuery(code), {}, (query) => query.getRawOne<Country>()),

    setPopulation: (id, population) => source.setPopulation(id, population),
  }
}
