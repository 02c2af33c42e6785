/** The table of the cities, as TypeORM sees it, and how to get to it. */

import { DataSource, type DataSourceOptions, EntitySchema } from 'typeorm'

export class City {
  id!: number
  name!: string
  /** ISO 3166 code, two letters. */
  country!: string
  population!: number
}

const citySchema = new EntitySchema<City>({
  name: 'City',
  target: City,
  tableName: 'city',
  columns: {
    id: { type: 'int', primary: true },
    name: { type: 'text' },
    country: { type: 'text' },
    population: { type: 'int' },
  },
})

export function openDatabase(url: string, options: Pick<DataSourceOptions, 'cache' | 'subscribers'> = {}): Promise<DataSource> {
  return new DataSource({ type: 'postgres', url, poolSize: 10, entities: [citySchema], ...options }).initialize()
}
