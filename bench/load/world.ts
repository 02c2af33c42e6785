import { Client } from 'pg'
import { type PostgresServer, startPostgres } from 'test-support'
import { Peer } from '../src/process/peer.ts'
import type { CapacityOrders, CapacityStart } from './source/capacity-process.ts'
import type { QueryName } from './source/queries.ts'
import { fillDatabase, type Size } from './source/schema.ts'

const CAPACITY = new URL('source/capacity-process.ts', import.meta.url)

/** The database that all arms ask, and what it can do. */
export class World implements AsyncDisposable {
  readonly size: Size
  readonly #server: PostgresServer
  /** Milliseconds. */
  readonly #calibration: number
  readonly #capacities = new Map<QueryName, number>()

  private constructor(server: PostgresServer, size: Size, calibration: number) {
    this.#server = server
    this.size = size
    this.#calibration = calibration
  }

  /** @param calibration how long the database is asked to find out how fast it answers, in milliseconds */
  static async start(size: Size, calibration: number): Promise<World> {
    await using stack = new AsyncDisposableStack()
    const server = stack.use(await startPostgres())
    const client = stack.adopt(new Client(server.url), (connected) => connected.end())
    await client.connect()
    await fillDatabase(client, size)
    await client.end()
    stack.move()
    return new World(server, size, calibration)
  }

  get databaseUrl(): string {
    return this.#server.url
  }

  rowsOf(query: QueryName): number {
    return query === 'document' ? this.size.documents : this.size.products
  }

  /** Answers per second that one process without a cache gets. */
  async capacity(query: QueryName): Promise<number> {
    const known = this.#capacities.get(query)
    if (known !== undefined) return known
    const start: CapacityStart = { databaseUrl: this.databaseUrl, query, rows: this.rowsOf(query) }
    await using peer = new Peer<CapacityOrders>(CAPACITY, start)
    await peer.opened
    await peer.ask('answersPerSecond', this.#calibration)
    const capacity = await peer.ask('answersPerSecond', this.#calibration)
    this.#capacities.set(query, capacity)
    return capacity
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.stop()
  }
}
