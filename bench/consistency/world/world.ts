import { Pool } from 'pg'
import { groupOfKey, INVALIDATED_KEYS, isSetKey, type Item, KEYS, OWNERS } from './rows.ts'

/** A version that a transaction has committed. */
export interface Written {
  readonly key: number
  readonly version: number
  /** The version with which the row came to its owner. */
  readonly owned: number
}

const CONNECTIONS = 6
const COLUMNS = 'key, version, owner, payload, owned'
const NEXT = `version = version + 1, payload = 'payload of ' || item.key || ' in version ' || version + 1`
const NOBODY = -1

/** The source of truth: a table of versioned rows in PostgreSQL. */
export class World {
  readonly #pool: Pool

  constructor(url: string) {
    this.#pool = new Pool({ connectionString: url, max: CONNECTIONS })
    this.#pool.on('error', () => {})
  }

  /** Every row in its first version. */
  async create(): Promise<void> {
    await this.#pool.query(`
      DROP TABLE IF EXISTS item;
      CREATE TABLE item (key int PRIMARY KEY, grp int NOT NULL, owner int NOT NULL, owned int NOT NULL, version int NOT NULL, payload text NOT NULL)`)
    const rows = Array.from({ length: KEYS }, (_, key) => {
      const [group, owner] = isSetKey(key) ? [NOBODY, NOBODY] : [groupOfKey(key), key % OWNERS]
      return `(${key}, ${group}, ${owner}, 1, 1, 'payload of ${key} in version 1')`
    })
    await this.#pool.query(`INSERT INTO item (key, grp, owner, owned, version, payload) VALUES ${rows.join()}`)
  }

  async read(keys: readonly number[]): Promise<Item[]> {
    const { rows } = await this.#pool.query<Item>(`SELECT key, version, owner, payload FROM item WHERE key = ANY($1)`, [keys])
    return rows
  }

  async write(key: number): Promise<Item & Written> {
    const { rows } = await this.#pool.query<Item & Written>(`UPDATE item SET ${NEXT} WHERE key = $1 RETURNING ${COLUMNS}`, [key])
    return rows[0]!
  }

  /** Also gives the row to another owner. */
  async handOver(key: number, owner: number): Promise<Item & Written> {
    const { rows } = await this.#pool.query<Item & Written>(`UPDATE item SET ${NEXT}, owner = $2, owned = version + 1 WHERE key = $1 RETURNING ${COLUMNS}`, [key, owner])
    return rows[0]!
  }

  writeGroup(group: number): Promise<Written[]> {
    return this.#writeWhere('grp = $1', group)
  }

  writeOwner(owner: number): Promise<Written[]> {
    return this.#writeWhere('owner = $1', owner)
  }

  /** A handful of rows that a `clear` will cover. */
  writeSome(first: number): Promise<Written[]> {
    return this.#writeWhere(`key % 16 = $1 AND key < ${INVALIDATED_KEYS}`, first % 16)
  }

  async close(): Promise<void> {
    await this.#pool.end()
  }

  /** Rows are locked in one order, or two writers could wait for each other. */
  async #writeWhere(condition: string, value: number): Promise<Written[]> {
    const { rows } = await this.#pool.query<Written>(
      `WITH chosen AS (SELECT key AS wanted FROM item WHERE ${condition} ORDER BY key FOR UPDATE)
       UPDATE item SET ${NEXT} FROM chosen WHERE item.key = chosen.wanted RETURNING item.key, item.version, item.owned`,
      [value],
    )
    return rows
  }
}
