/** What every part of the story works with. */

import { setTimeout as sleep } from 'node:timers/promises'

import type { RedisServer } from 'test-support'

import type { Claims } from '../claims.ts'
import { stats } from '../client.ts'
import { now } from '../clock.ts'
import type { City } from '../database.ts'
import { type Figures, add, figuresOf } from '../figures.ts'
import { type Ledger, longestMs } from '../ledger.ts'
import type { Measured } from '../meter.ts'
import { type Report, count, load, ms } from '../report.ts'
import type { ServerProcess } from '../server-process.ts'
import type { Traffic } from '../traffic.ts'

const GLANCE_MS = 1_000

/** A process in step with the log knows of another one's update within its heartbeat, on a busy machine too. */
export const MAX_LOG_DELAY_MS = 1_000

export interface Stage {
  a: ServerProcess
  b: ServerProcess
  redis: RedisServer
  /** The most populous city of each country, the largest first. */
  largest: readonly City[]
  traffic: Traffic
  ledger: Ledger
  report: Report
  claims: Claims
}

/** The figures of both processes together. */
export async function figures({ a, b }: Stage): Promise<Figures> {
  const [ofA, ofB] = await Promise.all([stats(a), stats(b)])
  return add(figuresOf(ofA), figuresOf(ofB))
}

/** What to say of the last second, next to how many requests there were and how long they took. */
export type Note = (glance: Measured) => string | Promise<string>

/** Lets the traffic flow for a while, telling every second how it goes. */
export async function flow({ traffic, report }: Stage, forMs: number, note: Note): Promise<void> {
  const start = now()
  for (let elapsed = 0; elapsed < forMs; ) {
    elapsed = Math.min(elapsed + GLANCE_MS, forMs)
    await sleep(start + elapsed - now())
    const glance = traffic.glance()
    report.live(`${load(glance)}   ${await note(glance)}`.trimEnd())
  }
}

export function claimNoFailure({ claims, traffic }: Stage, when: string, { requests, failed }: Measured): void {
  const cause = failed > 0 && traffic.firstFailure ? `, the first: ${traffic.firstFailure}` : ''
  claims.check(`no request failed ${when}`, failed === 0 && requests > 0, `${failed} of ${count(requests)}${cause}`)
}

export function claimInStep({ claims, ledger }: Stage, when: string, since: number): void {
  const behind = ledger.behindSince(since)
  // What the log had to tell when this part of the story began was late before.
  const longest = longestMs(behind.map((answer) => ({ ...answer, ms: Math.min(answer.ms, answer.askedAt - since) })))
  claims.check(
    `no process ${when} misses an update of its own, nor of the other's for longer than the log may take`,
    behind.every((answer) => !answer.ownUpdate) && longest <= MAX_LOG_DELAY_MS,
    `${count(behind.length)} answers behind, by ${ms(longest)} at most`,
  )
}
