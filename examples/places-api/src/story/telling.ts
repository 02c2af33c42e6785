/** What the caches of both processes tell, as the story goes on. */

import { now } from '../clock.ts'
import type { ToldEvent } from '../messages.ts'
import { seconds } from '../report.ts'
import type { Stage } from './stage.ts'

/** Something is queued with each update: too much to tell. */
const TELLING: Record<Exclude<ToldEvent, 'queued'>, string> = {
  tierDown: 'does without Redis',
  tierUp: 'has Redis again',
  outOfStep: 'no longer hears of invalidations',
  inStep: 'has heard of every invalidation: in step',
  replayed: 'has replayed its queued invalidations',
}

export interface Telling extends Disposable {
  /** Prints a line with the time since the telling began. */
  say(text: string, at?: number): void
}

/** Prints the events of both caches too, until disposed. */
export function tell({ a, b, report }: Stage, since: number): Telling {
  const say = (text: string, at = now()) => report.line(`${seconds(at - since)}  ${text}`)
  const stops = [a, b].map((server) => {
    const listener = (event: ToldEvent, at: number) => {
      if (event !== 'queued') say(`${server.name} ${TELLING[event]}`, at)
    }
    server.on('event', listener)
    return () => server.off('event', listener)
  })
  return {
    say,
    [Symbol.dispose]: () => {
      for (const stop of stops) stop()
    },
  }
}
