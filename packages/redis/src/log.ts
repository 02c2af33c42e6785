import type { LogBatch, LogReader } from '@stratacache/core'
import type { Dedicated } from './driver.ts'
import { asFailure } from './failure.ts'
import type { Keys } from './keys.ts'
import { GENESIS, stampOf, toRecord } from './log-record.ts'
import { START } from './scripts/log.ts'

const BATCH = '1000'

type StreamEntry = readonly [id: string, fields: readonly string[]]

/** The log on a connection of its own. Each read is one write and one answer. */
export class RedisLog implements LogReader {
  readonly #connection: Dedicated
  readonly #keys: Keys
  readonly #length: string
  readonly #close: () => Promise<void>

  constructor(connection: Dedicated, keys: Keys, length: string, close: () => Promise<void>) {
    this.#connection = connection
    this.#keys = keys
    this.#length = length
    this.#close = close
  }

  async start(): Promise<{ tail: number; time: number }> {
    const { clock, log, tail } = this.#keys
    const [reply] = await this.#send(['eval', START.source, '3', clock, log, tail, GENESIS, this.#length])
    const [stamp, micros] = reply as [number, number]
    return { tail: Number(stamp), time: Number(micros) / 1_000 }
  }

  async read(after: number, waitMs: number): Promise<LogBatch> {
    const { log } = this.#keys
    const block = waitMs >= 1 ? ['block', String(Math.floor(waitMs))] : []
    const [streams, newest, time] = await this.#send(
      ['xread', ...block, 'count', BATCH, 'streams', log, `${after}-0`],
      ['xrevrange', log, '+', '-', 'count', '1'],
      ['time'],
    )
    const [last] = newest as readonly StreamEntry[]
    const [seconds, micros] = time as [string, string]
    return {
      records: entriesOf(streams).map(toRecord),
      tail: last === undefined ? 0 : stampOf(last[0]),
      time: Number(seconds) * 1_000 + Number(micros) / 1_000,
    }
  }

  close(): Promise<void> {
    return this.#close()
  }

  async #send(...commands: readonly string[][]): Promise<unknown[]> {
    try {
      return await this.#connection.send(commands)
    } catch (error) {
      throw asFailure('the log failed', error)
    }
  }
}

/** Of XREAD over one stream: `[[name, entries]]`, or `[name, entries]` where a map is flattened, or nothing. */
function entriesOf(streams: unknown): readonly StreamEntry[] {
  if (streams === null || streams === undefined) return []
  const [first, second] = streams as [unknown, unknown]
  return (Array.isArray(first) ? first[1] : second) as readonly StreamEntry[]
}
