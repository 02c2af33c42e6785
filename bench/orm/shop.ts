import { DataSource, type DataSourceOptions, EntitySchema } from 'typeorm'

export class Vendor {
  id!: number
  name!: string
  city!: string
}

export class Product {
  id!: number
  name!: string
  price!: number
  note!: string
  createdAt!: Date
  vendor!: Vendor
}

const entities = [
  new EntitySchema<Vendor>({
    name: 'Vendor',
    target: Vendor,
    columns: { id: { type: Number, primary: true, generated: true }, name: { type: String }, city: { type: String } },
  }),
  new EntitySchema<Product>({
    name: 'Product',
    target: Product,
    columns: {
      id: { type: Number, primary: true, generated: true },
      name: { type: String },
      price: { type: Number },
      note: { type: String },
      createdAt: { type: Date, createDate: true },
    },
    relations: { vendor: { type: 'many-to-one', target: 'Vendor', joinColumn: true } },
    indices: [{ columns: ['vendor'] }],
  }),
]

export const VENDORS = 100
const PRODUCTS_OF_ONE = 20
export const PRODUCTS = VENDORS * PRODUCTS_OF_ONE

export const openShop = (url: string, options: Partial<DataSourceOptions>): Promise<DataSource> =>
  new DataSource({ type: 'postgres', url, entities, ...options } as DataSourceOptions).initialize()

/** Vendors, each with its products. */
export async function fillShop(url: string): Promise<void> {
  const dataSource = await openShop(url, { synchronize: true })
  await dataSource.query(`INSERT INTO vendor (name, city) SELECT 'vendor ' || i, 'city ' || i % 10 FROM generate_series(1, ${VENDORS}) AS i`)
  await dataSource.query(`
    INSERT INTO product (name, price, note, "vendorId")
    SELECT 'product ' || i, i % 97, repeat('note ', 20), 1 + i % ${VENDORS} FROM generate_series(1, ${PRODUCTS}) AS i`)
  await dataSource.query('ANALYZE')
  await dataSource.destroy()
}
