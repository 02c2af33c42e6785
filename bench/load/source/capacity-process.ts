import { serve, startedWith } from '../../src/process/serve.ts'
import { Database } from './database.ts'
import type { QueryName } from './queries.ts'

/* Asks the database as fast as it answers. */

export interface CapacityStart {
  readonly databaseUrl: string
  readonly query: QueryName
  /** Rows to ask for, from 1 up. */
  readonly rows: number
}

/** Two for each connection: none has to wait for its next question. */
const IN_FLIGHT = 20

const { databaseUrl, query, rows } = startedWith<CapacityStart>()
const source = new Database(databaseUrl, query)

/** Answers per second, over so many milliseconds. */
async function answersPerSecond(ms: number): Promise<number> {
  const begun = performance.now()
  let answers = 0
  const asker = async (): Promise<void> => {
    while (performance.now() - begun < ms) {
      await source.read(1 + (answers % rows))
      answers++
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, asker))
  return (1_000 * answers) / (performance.now() - begun)
}

const orders = { answersPerSecond }
export type CapacityOrders = typeof orders
serve(orders, () => source[Symbol.asyncDispose]())
