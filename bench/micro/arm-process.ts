import { setTimeout as delay } from 'node:timers/promises'
import { nsPerOperation } from '../src/measure.ts'
import { awaited, inFlight, inTurn, type Run } from '../src/repeat.ts'
import { libraryOf } from './libraries/index.ts'
import type { Order, Report, Start, Work } from './order.ts'
import { sharedSource } from './source.ts'
import { assertLoads, assertUser, KEYS, type User, userOf } from './users.ts'

/* The process of one arm. Started by `Arm`, ends when that hangs up. */

const start = JSON.parse(process.argv[2]!) as Start
const load = start.countsUrl === undefined ? loadAtOnce : sharedSource(start.countsUrl)
const runs: Record<number, Run> = {}
let loads = 0
const cache = await libraryOf(start.library).open({ entries: start.entries, url: start.url, load })

process.on('message', (order: Order) => {
  obey(order).then(report, (error: unknown) => report({ error: String(error) }))
})
process.on('disconnect', () => {
  void cache.close().finally(() => process.exit())
})
report({})

function loadAtOnce(key: string): User {
  loads++
  return userOf(key)
}

async function obey(order: Order): Promise<Report> {
  switch (order.do) {
    case 'verify':
      await verify(order.inFlight, order.loads)
      return {}
    case 'time':
      return { ns: await time(order.work) }
    case 'repeat':
      await runFor(order.inFlight)(order.times)
      return {}
    case 'rush':
      await rush(order.key, order.times, order.at)
      return {}
  }
}

async function verify(count: number, expected: number): Promise<void> {
  if (cache.verify !== undefined) {
    await inFlight(count, KEYS, cache.read)(KEYS.length)
    return cache.verify()
  }
  const check = async (key: string, id: number): Promise<true> => {
    assertUser(key, await cache.read(key, id))
    return true
  }
  await inFlight(count, KEYS, check)(KEYS.length)
  assertLoads(loads, expected)
}

function time({ inFlight: count, times, samples }: Work): Promise<number> {
  return nsPerOperation(runFor(count), times, samples)
}

function runFor(count: number): Run {
  return (runs[count] ??= runOf(count))
}

function runOf(count: number): Run {
  const { read } = cache
  if (count === 0) return inTurn(KEYS, read)
  return count === 1 ? awaited(KEYS, read) : inFlight(count, KEYS, read)
}

async function rush(key: string, times: number, at: number): Promise<void> {
  await delay(at - Date.now())
  const users = await Promise.all(Array.from({ length: times }, () => cache.read(key, userOf(key).id)))
  for (const user of users) assertUser(key, user)
}

function report(message: Report): void {
  process.send!(message)
}
