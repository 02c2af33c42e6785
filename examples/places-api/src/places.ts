/** What the API answers with, be it from the database (source.ts) or through the cache (cached-places.ts). */

import type { City } from './database.ts'

export interface Neighbour extends City {
  km: number
}

export interface Country {
  code: string
  cities: number
  people: number
  /** Half of its cities have fewer inhabitants. */
  median: number
  /** Its twenty most populous cities. */
  top: City[]
}

export interface Update {
  city: City
}

export interface Places {
  city(id: number): Promise<City | undefined>
  /** The ten cities nearest to a city, nearest first. */
  nearby(id: number): Promise<Neighbour[]>
  country(code: string): Promise<Country | undefined>
  setPopulation(id: number, population: number): Promise<Update | undefined>
}
