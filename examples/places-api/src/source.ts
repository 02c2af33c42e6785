/** The source of truth: the four queries of the API, through TypeORM. Every statement is counted. */

import type { DataSource, ObjectLiteral, SelectQueryBuilder } from 'typeorm'

import { City } from './database.ts'
import type { Country, Neighbour, Places, Update } from './places.ts'

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
  readonly #dataSource: DataSource
  #queries = 0

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource
    dataSource.subscribers.push({ afterQuery: () => void this.#queries++ })
  }

  get queries(): number {
    return this.#queries
  }

  async city(id: number): Promise<City | undefined> {
    return (await this.#dataSource.manager.findOneBy(City, { id })) ?? undefined
  }

  nearby(id: number): Promise<Neighbour[]> {
    return this.#dataSource.query<Neighbour[]>(NEARBY, [id])
  }

  country(code: string): Promise<Country | undefined> {
    return this.countryQuery(code).getRawOne<Country>()
  }

  countryQuery(code: string): SelectQueryBuilder<ObjectLiteral> {
    const largest = (query: SelectQueryBuilder<ObjectLiteral>) =>
      query
        .select(['one.id AS id', 'one.name AS name', 'one.country AS country', 'one.population AS population'])
        .from(City, 'one')
        .where('one.country = :code')
        .orderBy('one.population', 'DESC')
        .addOrderBy('one.id')
        .limit(20)
    return this.#dataSource
      .createQueryBuilder()
      .select('city.country', 'code')
      .addSelect('count(*)::int', 'cities')
      .addSelect('sum(city.population)::float8', 'people')
      .addSelect('percentile_disc(0.5) WITHIN GROUP (ORDER BY city.population)', 'median')
      .addSelect((query) => query.select('json_agg(largest)').from(largest, 'largest'), 'top')
      .from(City, 'city')
      .where('city.country = :code', { code })
      .groupBy('city.country')
  }

  async setPopulation(id: number, population: number): Promise<Update | undefined> {
    const { raw } = await this.#dataSource
      .createQueryBuilder()
      .update(City)
      .set({ population })
      .where('id = :id', { id })
      .returning(['id', 'name', 'country', 'population'])
      .execute()
    const [city] = raw as City[]
    return city && { city }
  }
}
