import { serve, startedWith } from '../src/process/serve.ts'
import type { LoadRow } from '../src/tables.ts'
import { armOf } from './arms/index.ts'
import { run } from './run.ts'
import type { Scenario } from './scenario.ts'
import { draw, type Pace } from './schedule.ts'
import { Database } from './source/database.ts'

/* The process of one arm in one scenario. */

export interface LoadStart {
  readonly arm: string
  readonly scenario: Scenario
  readonly pace: Pace
  readonly databaseUrl: string
  readonly redisUrl: string
}

/** Milliseconds. */
const PREPARATION = 500

const { arm, scenario, pace, databaseUrl, redisUrl } = startedWith<LoadStart>()
const source = new Database(databaseUrl, scenario.query)

const orders = {
  run: (): Promise<LoadRow[]> => run({ scenario, schedule: draw(scenario, pace), arm: armOf(arm), source, redisUrl, preparation: PREPARATION }),
}
export type LoadOrders = typeof orders
serve(orders, () => source[Symbol.asyncDispose]())
