import type { Client } from 'pg'

/** How many rows there are to ask for. Of each kind there is also row 0, for warming up. */
export interface Size {
  readonly products: number
  readonly documents: number
}

export const REVIEWS = 40
/** Characters of a document. */
export const DOCUMENT = 200_000

/** Products of a category. */
const CATEGORY = 20
const MD5 = 32
const AUTHORS = 5_000

/** A shop: products in categories, with reviews by authors, and long documents that do not compress. */
export async function fillDatabase(client: Client, { products, documents }: Size): Promise<void> {
  await client.query(`
    CREATE TABLE author (id int PRIMARY KEY, name text NOT NULL);
    CREATE TABLE product (id int PRIMARY KEY, category int NOT NULL, name text NOT NULL, price int NOT NULL, version int NOT NULL) WITH (fillfactor = 50);
    CREATE TABLE review (id int PRIMARY KEY, product int NOT NULL, author int NOT NULL, stars int NOT NULL, written int NOT NULL, body text NOT NULL);
    CREATE TABLE document (id int PRIMARY KEY, name text NOT NULL, version int NOT NULL, body text NOT NULL);
    INSERT INTO author SELECT id, 'Author ' || id FROM generate_series(0, ${AUTHORS - 1}) AS id;
    INSERT INTO product SELECT id, id / ${CATEGORY}, 'Product ' || id, 100 + id % 900, 0 FROM generate_series(0, ${products}) AS id;
    INSERT INTO review
      SELECT product * ${REVIEWS} + n, product, (product * 31 + n * 17) % ${AUTHORS}, 1 + (product + n) % 5, n, 'Review ' || n || ' of product ' || product
      FROM generate_series(1, ${REVIEWS}) AS n, generate_series(0, ${products}) AS product;
    CREATE INDEX product_category ON product (category);
    CREATE INDEX review_product ON review (product);
    INSERT INTO document
      SELECT id, 'Document ' || id, 0, (SELECT string_agg(md5(id || ' ' || n), '') FROM generate_series(1, ${DOCUMENT / MD5}) AS n)
      FROM generate_series(0, ${documents}) AS id;
  `)
  await client.query('VACUUM ANALYZE')
}
