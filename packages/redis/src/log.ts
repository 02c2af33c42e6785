import type { LogBatch, LogReader, LogRecord } from '@stratacache/core'
import type { Dedicated } from './driver.ts'
import { asFailure } from './failure.ts'
import type { Keys } from './keys.ts'
import { GENESIS, toRecord } from './log-record.ts'
import { NEWEST, START } from './scripts/log.ts'

/** Records of one answer. */
const MOST = 1_000
/** A busy log is looked at this often; an idle one after each wait. */
const LOOK_EVERY_MS = 500

type StreamEntry = readonly [id: string, fields: readonly string[]]

/** The log on a connection of its own. What is new comes with one command and costs what it says. */
export class RedisLog implements LogReader {
  readonly #connection: Dedicated
  readonly #keys: Keys
  readonly #length: string
  readonly #close: () => Promise<void>
  #lookAt = 0

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

  /**
   * What is new tells where the log ends, unless it is as much as one answer holds: then, and when nothing is new, and
   * now and then, the log itself is looked at. Its end is told by the key `tail`, never by the newest record: that may
   * name very many keys, and every reader would fetch it with every look.
   */
  async read(after: number, waitMs: number): Promise<LogBatch> {
    const { log, tail } = this.#keys
    const block = waitMs >= 1 ? ['block', String(Math.floor(waitMs))] : []
    const [streams] = await this.#send(['xread', ...block, 'count', String(MOST), 'streams', log, `${after}-0`])
    const records = entriesOf(streams).map(toRecord)
    const now = performance.now()
    if (records.length > 0 && records.length < MOST && now < this.#lookAt) return { records, tail: records.at(-1)!.stamp, time: undefined }
    this.#lookAt = now + LOOK_EVERY_MS
    const [newest, length, time] = await this.#send(['get', tail], ['xlen', log], ['time'])
    const [seconds, micros] = time as [string, string]
    return {
      records,
      tail: Number(length) === 0 ? 0 : await this.#tail(Number(newest), after, records),
      time: Number(seconds) * 1_000 + Number(micros) / 1_000,
    }
  }

  /**
   * @param claimed what the key `tail` says; it may be lost, or have been taken back
   * @param after what was read from on
   */
  async #tail(claimed: number, after: number, records: readonly LogRecord[]): Promise<number> {
    const known = records.at(-1)?.stamp ?? after
    // With records it may be ahead of them: they are not all, or others have come since.
    if (claimed === known || (records.length > 0 && claimed > known)) return claimed
    const { log, tail } = this.#keys
    const [stamp] = await this.#send(['eval', NEWEST.source, '2', log, tail])
    return Number(stamp)
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
