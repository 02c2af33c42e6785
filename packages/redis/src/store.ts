import type { Fill, Invalidation, LeasedWrite, LeaseReply, LeaseRequest, SharedStore, Stamped, Write, WriteReply } from '@stratacache/core'
import { tagText, toBuffer, ttlText, wholeMs } from './arguments.ts'
import { CommonStore } from './common-store.ts'
import { recordData } from './log-record.ts'
import { toLeaseReply, toStamped } from './replies.ts'
import { FILL, WRITE_LEASED } from './scripts/fill.ts'
import { INVALIDATE } from './scripts/invalidate.ts'
import { LEASE } from './scripts/lease.ts'
import { WRITE } from './scripts/write.ts'

/** One server: every operation is one atomic step and one round trip. */
export class StandaloneStore extends CommonStore implements SharedStore {
  async lease(requests: readonly LeaseRequest[]): Promise<readonly LeaseReply[]> {
    const keys = await this.session.enter()
    const names = [keys.clock, keys.log]
    const args = [this.session.deadline()]
    for (const { key, token, ttlMs, seen, replaces = '' } of requests) {
      names.push(keys.entry(key), keys.lease(key))
      args.push(token, wholeMs(ttlMs), String(seen), replaces)
    }
    const reply = (await this.session.run('lease', LEASE, names, args)) as unknown[]
    const { stamp, time } = toStamped(reply)
    return requests.map((_, index) => toLeaseReply(reply[index + 2], stamp, time))
  }

  async fill({ key, token, asOf, entry, tags, ttlMs }: Fill): Promise<boolean> {
    const keys = await this.session.enter()
    const names = [keys.entry(key), keys.lease(key), keys.clock, keys.log, ...tags.map((tag) => keys.tag(tag))]
    const args = [token, String(asOf), ttlText(ttlMs), this.tagLife, toBuffer(entry), ...tags.map(tagText)]
    return Number(await this.session.run('fill', FILL, names, args)) === 1
  }

  async writeLeased({ key, token, asOf, entry, tags, ttlMs, source }: LeasedWrite): Promise<Stamped | undefined> {
    const keys = await this.session.enter()
    const names = [keys.entry(key), keys.lease(key), keys.clock, keys.log, keys.tail, ...tags.map((tag) => keys.tag(tag))]
    const reply = await this.session.runAcknowledged('write', WRITE_LEASED, names, [
      token,
      String(asOf),
      ttlText(ttlMs),
      this.tagLife,
      toBuffer(entry),
      source,
      recordData({ keys: [key], tags: [], soft: false, lagMs: 0, asOf }),
      this.logLength,
      ...tags.map(tagText),
    ])
    return Array.isArray(reply) ? toStamped(reply) : undefined
  }

  async write({ key, entry, tags, ttlMs, version, source }: Write): Promise<WriteReply> {
    const keys = await this.session.enter()
    const names = [keys.entry(key), keys.lease(key), keys.clock, keys.log, keys.tail, ...tags.map((tag) => keys.tag(tag))]
    const reply = await this.session.runAcknowledged('write', WRITE, names, [
      this.session.deadline(),
      version === undefined ? '' : String(version),
      ttlText(ttlMs),
      this.tagLife,
      source,
      recordData({ keys: [key], tags: [], soft: false, lagMs: 0 }),
      this.logLength,
      toBuffer(entry),
      ...tags.map(tagText),
    ])
    return Array.isArray(reply) ? { status: 'stored', ...toStamped(reply) } : { status: 'superseded' }
  }

  async invalidate({ keys: targets, tags, soft, lagMs, source }: Invalidation): Promise<Stamped> {
    const keys = await this.session.enter()
    const names = [keys.clock, keys.log, keys.tail]
    for (const key of targets) names.push(keys.entry(key))
    for (const tag of tags) names.push(keys.tag(tag))
    const lag = Math.ceil(lagMs)
    const reply = await this.session.runAcknowledged('invalidate', INVALIDATE, names, [
      String(targets.length),
      keys.letter,
      soft ? '1' : '',
      String(lag),
      this.tagLife,
      source,
      recordData({ keys: targets, tags, soft, lagMs: lag }),
      this.logLength,
    ])
    return toStamped(reply)
  }
}
