import type { Fill, Invalidation, LeasedWrite, LeaseReply, LogRecord, LeaseRequest, SharedStore, Stamped, TagStamp, Write, WriteReply } from '@stratacache/core'
import { tagText, toBuffer, ttlText, wholeMs } from './arguments.ts'
import { CommonStore } from './common-store.ts'
import { recordData } from './log-record.ts'
import { toLeaseReply, toStamped, toTagStamp } from './replies.ts'
import { STAMP } from './scripts/clock.ts'
import { FILL_ONE } from './scripts/fill.ts'
import { KILL_SLOT } from './scripts/invalidate.ts'
import { LEASE_ONE } from './scripts/lease.ts'
import { APPEND_RECORD } from './scripts/log.ts'
import { RESOLVE_TAGS, STAMP_TAGS, TOUCH_TAG } from './scripts/tags.ts'
import { RESTAMP, WRITE_ONE } from './scripts/write.ts'
import { bySlot } from './slot.ts'

/**
 * A Cluster: clock and log on one slot, an entry with its lease on another, each tag on its own. No step spans
 * slots, so the order of the steps has to do (rule 2): stamp first, then change the slots, then append to the log.
 * A reader that finds an entry checks its tags; the check at fill time is only a saving.
 */
export class ClusterStore extends CommonStore implements SharedStore {
  async lease(requests: readonly LeaseRequest[]): Promise<readonly LeaseReply[]> {
    const keys = await this.session.enter()
    const leases = requests.map(({ key, token, ttlMs, seen, replaces = '' }) =>
      this.session.run('lease', LEASE_ONE, [keys.entry(key), keys.lease(key)], [token, wholeMs(ttlMs), String(seen), replaces]),
    )
    try {
      // Stamp and leases at once: what was invalidated before the stamp was issued was so before the load begins.
      const [{ stamp, time }, replies] = await Promise.all([this.#stamp(), Promise.all(leases)])
      return replies.map((reply) => toLeaseReply(reply, stamp, time))
    } catch (error) {
      // What is granted all the same has no owner.
      void Promise.allSettled(leases).then(() => Promise.allSettled(requests.map(({ key, token }) => this.release(key, token))))
      throw error
    }
  }

  fill(fill: Fill): Promise<boolean> {
    return this.#fill(fill, false)
  }

  async writeLeased({ source, ...fill }: LeasedWrite): Promise<Stamped | undefined> {
    if (!(await this.#fill(fill, true))) return undefined
    // A stamp of its own: what was read before the source was written may be newer than the lease.
    return this.#append(0, source, { keys: [fill.key], tags: [], soft: false, lagMs: 0, asOf: fill.asOf })
  }

  async #fill({ key, token, asOf, entry, tags, ttlMs }: Fill, isAcknowledged: boolean): Promise<boolean> {
    const keys = await this.session.enter()
    const stamps = await this.#ensureTags(tags, asOf, ttlText(ttlMs), '')
    if (stamps.some((stamp) => stamp === undefined || Math.max(stamp.hard, stamp.soft) > asOf)) {
      await this.release(key, token)
      return false
    }
    const names = [keys.entry(key), keys.lease(key)]
    const args = [token, ttlText(ttlMs), toBuffer(entry)]
    const stored = isAcknowledged ? this.session.runAcknowledged('write', FILL_ONE, names, args) : this.session.run('fill', FILL_ONE, names, args)
    return Number(await stored) === 1
  }

  async write({ key, entry, tags, ttlMs, version, source }: Write): Promise<WriteReply> {
    const keys = await this.session.enter()
    const { stamp } = await this.#stamp()
    const [asOf] = await Promise.all([
      this.session.runAcknowledged('write', WRITE_ONE, [keys.entry(key), keys.lease(key)], [
        String(stamp),
        version === undefined ? '' : String(version),
        ttlText(ttlMs),
        toBuffer(entry),
      ]),
      this.#ensureTags(tags, stamp, ttlText(ttlMs), String(stamp)),
    ])
    if (Number(asOf) === 0) return { status: 'superseded' }
    const appended = await this.#append(Number(asOf), source, { keys: [key], tags: [], soft: false, lagMs: 0 })
    if (appended.stamp === Number(asOf)) return { status: 'stored', ...appended }
    // Others were ordered after this write before it reached the log: it takes its place behind them.
    const kept = await this.session.run('write', RESTAMP, [keys.entry(key)], [String(asOf), String(appended.stamp)])
    return Number(kept) === 1 ? { status: 'stored', ...appended } : { status: 'superseded' }
  }

  async invalidate({ keys: targets, tags, soft, lagMs, source }: Invalidation): Promise<Stamped> {
    const keys = await this.session.enter()
    const lag = Math.ceil(lagMs)
    const { stamp, time } = await this.#stamp()
    const flag = soft ? '1' : ''
    await Promise.all([
      ...bySlot(targets.map((key) => keys.entry(key))).map((names) =>
        this.session.runAcknowledged('invalidate', KILL_SLOT, names, [keys.letter, flag, String(time), String(lag)]),
      ),
      ...bySlot(tags.map((tag) => keys.tag(tag))).map((names) =>
        this.session.runAcknowledged('invalidate', STAMP_TAGS, names, [String(stamp + lag * 1_000), flag, String(time * 1_000), this.tagLife]),
      ),
    ])
    return this.#append(stamp, source, { keys: targets, tags, soft, lagMs: lag })
  }

  async #stamp(): Promise<Stamped> {
    const { clock, log } = this.session.keys
    return toStamped(await this.session.run('stamp', STAMP, [clock, log], [this.session.deadline()]))
  }

  async #append(stamp: number, source: string, record: Omit<LogRecord, 'stamp' | 'prev' | 'source'>): Promise<Stamped> {
    const { clock, log, tail } = this.session.keys
    const args = [String(stamp), String(record.lagMs), source, recordData(record), this.logLength]
    return toStamped(await this.session.runAcknowledged('append', APPEND_RECORD, [clock, log, tail], args))
  }

  /**
   * Reads the records of tags, makes the missing ones and prolongs them all.
   *
   * @param unknown stamp for a tag of which the log cannot tell; '' for a fresh one
   */
  async #ensureTags(tags: readonly string[], asOf: number, ttl: string, unknown: string): Promise<(TagStamp | undefined)[]> {
    const stamps = await Promise.all(tags.map((tag) => this.#touch(tag, ttl, '')))
    const missing = tags.filter((_, index) => stamps[index] === undefined)
    if (missing.length === 0) return stamps
    const { clock, log } = this.session.keys
    const found = (await this.session.run('resolve', RESOLVE_TAGS, [clock, log], [String(asOf), unknown, ...missing.map(tagText)])) as Buffer[]
    const made = await Promise.all(missing.map((tag, index) => this.#touch(tag, ttl, found[index]!.toString())))
    return stamps.map((stamp) => stamp ?? made.shift())
  }

  async #touch(tag: string, ttl: string, stamp: string): Promise<TagStamp | undefined> {
    const record = await this.session.run('tag', TOUCH_TAG, [this.session.keys.tag(tag)], [ttl, stamp])
    return toTagStamp(record as Buffer | null)
  }
}
