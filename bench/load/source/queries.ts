import { DOCUMENT, REVIEWS } from './schema.ts'

/** What every query answers with, whatever else. */
export interface Row {
  readonly id: number
  readonly name: string
  /** How often the row was changed. */
  readonly version: number
}

/**
 * `page`: a product with what its reviews say, the latest of them, and the best rated of its category. `row`: a product
 * by its primary key. `document`: a long text.
 */
export type QueryName = 'page' | 'row' | 'document'

/** Something that an application asks its database. `$1` is the id. */
export interface Query {
  readonly sql: string
  /** Whether this is the whole answer for the id, however old. */
  readonly isAnswer: (id: number, row: Row) => boolean
}

interface Page extends Row {
  readonly reviews: number
  readonly latest: readonly { readonly author: string; readonly body: string }[]
}

const LATEST = 5
const BEST = 5

export const QUERIES: Readonly<Record<QueryName, Query>> = {
  page: {
    sql: `
      SELECT product.id, product.name, product.price, product.version, opinion.reviews, opinion.rating, opinion.five_star, newest.latest, category.best
      FROM product,
      LATERAL (
        SELECT count(*)::int AS reviews, avg(stars)::float8 AS rating, count(*) FILTER (WHERE stars = 5)::int AS five_star
        FROM review WHERE review.product = product.id
      ) AS opinion,
      LATERAL (
        SELECT json_agg(json_build_object('author', author.name, 'stars', chosen.stars, 'body', chosen.body) ORDER BY chosen.written DESC) AS latest
        FROM (SELECT * FROM review WHERE review.product = product.id ORDER BY written DESC LIMIT ${LATEST}) AS chosen
        JOIN author ON author.id = chosen.author
      ) AS newest,
      LATERAL (
        SELECT json_agg(json_build_object('id', rated.id, 'name', rated.name, 'rating', rated.rating) ORDER BY rated.rating DESC, rated.id) AS best
        FROM (
          SELECT other.id, other.name, avg(review.stars)::float8 AS rating
          FROM product AS other JOIN review ON review.product = other.id
          WHERE other.category = product.category
          GROUP BY other.id ORDER BY rating DESC, other.id LIMIT ${BEST}
        ) AS rated
      ) AS category
      WHERE product.id = $1`,
    isAnswer: (id, row) => isPage(row) && row.name === `Product ${id}` && row.reviews === REVIEWS && row.latest.length === LATEST && row.latest[0]!.body === `Review ${REVIEWS} of product ${id}`,
  },
  row: {
    sql: 'SELECT id, name, price, version FROM product WHERE id = $1',
    isAnswer: (id, { name }) => name === `Product ${id}`,
  },
  document: {
    sql: 'SELECT id, name, version, body FROM document WHERE id = $1',
    isAnswer: (id, row) => row.name === `Document ${id}` && 'body' in row && typeof row.body === 'string' && row.body.length === DOCUMENT,
  },
}

const isPage = (row: Row): row is Page => 'reviews' in row && 'latest' in row
