import { Pool } from 'pg'
import { QUERIES, type QueryName, type Row } from './queries.ts'

/** What the arms put a cache in front of. */
export interface Source {
  read(id: number): Promise<Row>
  /** Changes a product and resolves with its new version once that is committed. */
  write(id: number): Promise<number>
}

const CONNECTIONS = 10
const WRITE = 'UPDATE product SET price = price + 1, version = version + 1 WHERE id = $1 RETURNING version'

/** The database through a pool of connections, with prepared statements. */
export class Database implements Source, AsyncDisposable {
  readonly #pool: Pool
  readonly #query: QueryName

  constructor(url: string, query: QueryName) {
    this.#pool = new Pool({ connectionString: url, max: CONNECTIONS, min: CONNECTIONS, idleTimeoutMillis: 0 })
    // An idle connection that breaks is replaced; a query that breaks fails.
    this.#pool.on('error', () => {})
    this.#query = query
  }

  async read(id: number): Promise<Row> {
    const { rows } = await this.#pool.query<Row>({ name: this.#query, text: QUERIES[this.#query].sql, values: [id] })
    if (rows.length !== 1) throw new Error(`the source has ${rows.length} rows of ${this.#query} ${id}`)
    return rows[0]!
  }

  async write(id: number): Promise<number> {
    const { rows } = await this.#pool.query<{ version: number }>({ name: 'write', text: WRITE, values: [id] })
    return rows[0]!.version
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.end()
  }
}
