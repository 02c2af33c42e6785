import { pnpm } from './pnpm.mjs'
import { ensureRedisServer } from './redis-server.mjs'
import { step } from './step.mjs'

export async function setUp() {
  await step('install', pnpm('install', '--frozen-lockfile'), { quiet: false })
  await ensureRedisServer()
}
