/** The source of truth: the four queries of the API, counted. */

import pg from 'pg'

import type { City, Country, Neighbour, Places, Update } from './places.ts'

const ONE = 'SELECT id, name, country, population FROM city WHERE id = $1'

const COUNTRY = `
  SELECT country AS code, count(*)::int AS cities, sum(population)::float8 AS people,
         percentile_disc(0.5) WITHIN GROUP (ORDER BY population) AS median,
         (SELECT json_agg(largest)
          FROM (SELECT id, name, country, population FROM city
                WHERE country = $1 ORDER BY population DESC, id LIMIT 20) AS largest) AS top
  FROM city
  WHERE country = $1
  GROUP BY country`

const UPDATE = 'UPDATE city SET population = $2 WHERE id = $1 RETURNING id, name, country, population'

// The index narrows the world down to a box in which lonely cities find ten others too; what is in it is measured.
const NEARBY = `
  SELECT near.id, near.name, near.country, near.population,
         round(12742 * asin(sqrt(
           sin(radians(near.location[1] - here.location[1]) / 2) ^ 2
           + cos(radians(here.location[1])) * cos(radians(near.location[1]))
           * sin(radians(near.location[0] - here.location[0]) / 2) ^ 2
         )))::int AS km
  FROM city here, city near
  WHERE here.id = $1 AND near.id <> here.id
    AND near.location <@ box(here.location - point(3, 3), here.location + point(3, 3))
  ORDER BY km, near.id
  LIMIT 10`

export class Source implements Places {
  readonly #pool: pg.Pool
  #queries = 0

  constructor(connectionString: string) {
    this.#pool = new pg.Pool({ connectionString, max: 10 })
    // An idle connection that breaks is replaced by the pool; the next query says whether the database is there.
    this.#pool.on('error', () => undefined)
  }

  get queries(): number {
    return this.#queries
  }

  async city(id: number): Promise<City | undefined> {
    const [city] = await this.#query<City>('one', ONE, [id])
    return city
  }

  nearby(id: number): Promise<Neighbour[]> {
    return this.#query<Neighbour>('nearby', NEARBY, [id])
  }

  async country(code: string): Promise<Country | undefined> {
    const [country] = await this.#query<Country>('country', COUNTRY, [code])
    return country
  }

  async setPopulation(id: number, population: number): Promise<Update | undefined> {
    const [city] = await this.#query<City>('update', UPDATE, [id, population])
    return city && { city }
  }

  close(): Promise<void> {
    return this.#pool.end()
  }

  async #query<Row extends pg.QueryResultRow>(name: string, text: string, values: unknown[]): Promise<Row[]> {
    this.#queries++
    const { rows } = await this.#pool.query<Row>({ name, text, values })
    return rows
  }
}
