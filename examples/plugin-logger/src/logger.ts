import { type CacheEvents, type Clock, type Plugin, type Random, systemClock } from '@stratacache/core'
import { type Level, LEVEL_OF, LEVELS } from './levels.ts'
import { Repeats } from './repeats.ts'

export interface LoggerOptions {
  /** Takes one line of JSON, without its end. Default `console.log`. */
  readonly write?: ((line: string) => void) | undefined
  /** What matters less is not written. Default `'info'`. */
  readonly level?: Level | undefined
  /** 0..1: the share of hits that is written at level `'debug'`. Default 0, for which hits are not listened to. */
  readonly sampleHits?: number | undefined
  /** Milliseconds in which warnings and errors of one kind are counted after the first. Default 10 s. */
  readonly windowMs?: number | undefined
  readonly clock?: Clock | undefined
  readonly random?: Random | undefined
}

type Line = Readonly<Record<string, unknown>>

const EVENTS = Object.keys(LEVEL_OF) as (keyof CacheEvents)[]

/** Writes the events of a cache as lines of JSON: keys and counts, no values. */
export function logger(options: LoggerOptions = {}): Plugin {
  const { write = console.log, level = 'info', sampleHits = 0, windowMs = 10_000, clock = systemClock, random = Math.random } = options
  const isWritten = (event: keyof CacheEvents): boolean => LEVELS.indexOf(LEVEL_OF[event]) >= LEVELS.indexOf(level) && (event !== 'hit' || sampleHits > 0)
  return {
    name: 'logger',
    setup: (cache) => {
      const counts: Record<string, number> = {}
      let lost = 0
      const put = (line: Line): void => {
        try {
          write(JSON.stringify({ time: new Date(clock.now()).toISOString(), cache: cache.name, ...line }))
        } catch {
          // Some lines are written by a timer, where nobody would catch it.
          lost++
        }
      }
      const repeats = new Repeats<Line>(clock, windowMs, put)
      const tell = (event: keyof CacheEvents, message: object): void => {
        counts[event] = (counts[event] ?? 0) + 1
        if (event === 'hit' && random() >= sampleHits) return
        const line = { level: LEVEL_OF[event], event, ...fieldsOf(message) }
        const isLoud = line.level === 'warn' || line.level === 'error'
        if (isLoud) repeats.say(`${event} ${'tier' in message ? String(message.tier) : ''}`, line)
        else put(line)
      }
      const stops = EVENTS.filter(isWritten).map((event) => cache.on(event, (message) => tell(event, message)))
      return () => {
        for (const stop of stops) stop()
        repeats.flush()
        const { requests, loads } = cache.stats()
        put({ level: 'info', event: 'closed', counts, requests, loads, lost })
      }
    },
  }
}

/** An error's message may hold values: it is told by its name and code. A list may be long: then it is told by its length. */
function fieldsOf(message: object): Line {
  return Object.fromEntries(
    Object.entries(message).map(([name, value]: [string, unknown]) => {
      if (name === 'error') return [name, value instanceof Error ? ((value as NodeJS.ErrnoException).code ?? value.name) : typeof value]
      return [name, Array.isArray(value) && value.length > 10 ? value.length : value]
    }),
  )
}
