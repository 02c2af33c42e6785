import { TierError } from '../src/error.ts'
import type { LeaseReply, LogRecord } from '../src/shared-store.ts'
import { decoded, envelope, eventually, failureOf, type SharedStoreHarness, sharedStoreSubject, type TestFramework } from './shared-store-harness.ts'
import { staleReads } from './shared-store-history.ts'
import { writeContract } from './shared-store-writes.ts'

export type { SharedStoreHarness, TestFramework } from './shared-store-harness.ts'

/**
 * What every SharedStore has to do. The rules are those of docs/design/coherence.md.
 *
 * @example
 * ```ts
 * sharedStoreContract('redis', harness, { describe, it, beforeEach, afterEach, expect })
 * ```
 */
export function sharedStoreContract(name: string, harness: SharedStoreHarness, { describe, it, beforeEach, afterEach, expect }: TestFramework): void {
  const subject = sharedStoreSubject(harness)
  const { open, start, lease, granted, fill, load, write, invalidate, peek, stampOf, tailOf, closeAll } = subject

  describe(`${name}: contract of a shared store`, () => {
    beforeEach(() => harness.reset())
    afterEach(closeAll)

    it('rule 1: a granted lease fills once', async () => {
      const { store } = await start()
      const permit = await granted(store, 'k')
      expect(await store.inspect('k')).toEqual({ lease: permit.token })
      expect(await fill(store, 'k', permit, { value: { deep: [1] } })).toBe(true)
      expect(await peek(store, 'k')).toMatchObject({ value: { deep: [1] }, asOf: permit.asOf })
      expect(await store.inspect('k')).toEqual({ lease: undefined })
      expect(await fill(store, 'k', permit, { value: 'again' })).toBe(false)
    })

    it('rule 1: a lease is held until it is given back or ends', async () => {
      const { store } = await start()
      const permit = await granted(store, 'k')
      const held = await lease(await open(), 'k', 0)
      expect(held).toMatchObject({ status: 'held', token: permit.token })
      expect((held as { remainingMs: number }).remainingMs).toBeGreaterThan(0)
      expect((held as { remainingMs: number }).remainingMs).toBeLessThanOrEqual(10_000)
      await store.release('k', 'of somebody else')
      expect(await fill(store, 'k', { token: 'of somebody else', asOf: permit.asOf })).toBe(false)
      expect((await lease(store, 'k')).status).toBe('held')
      await store.release('k', permit.token)
      expect(await fill(store, 'k', permit)).toBe(false)
      const short = await lease(store, 'k', 0, 20)
      expect(short.status).toBe('granted')
      await eventually(async () => (await lease(store, 'k')).status === 'granted')
      expect(await fill(store, 'k', { token: short.token, asOf: permit.asOf })).toBe(false)
    })

    it('rule 1: a lease is refused where a newer entry is stored than the one seen', async () => {
      const { store } = await start()
      const asOf = await load(store, 'k', { value: 1 })
      const found = await lease(store, 'k')
      expect(found.status).toBe('filled')
      expect(decoded((found as { entry: Uint8Array }).entry)).toMatchObject({ value: 1, asOf })
      expect((await lease(store, 'k', asOf - 1)).status).toBe('filled')
      const holder = await granted(store, 'k', asOf)
      expect((await lease(store, 'k', asOf)).status).toBe('held')
      expect((await lease(store, 'k')).status).toBe('filled')
      await store.release('k', holder.token)
      expect((await lease(store, 'k', Number.MAX_SAFE_INTEGER)).status).toBe('granted')
    })

    it('rule 1: leases asked for together share a stamp and are decided one by one', async () => {
      const { store } = await start()
      await load(store, 'filled')
      const other = await granted(store, 'held')
      const ask = (key: string, token: string) => ({ key, token, ttlMs: 10_000, seen: 0 })
      const replies = await store.lease([ask('a', 'A'), ask('filled', 'B'), ask('held', 'C'), ask('a', 'D'), ask('b', 'E')])
      expect(replies.map(({ status }) => status)).toEqual(['granted', 'filled', 'held', 'held', 'granted'])
      const [a, , held, again, b] = replies as (LeaseReply & { asOf: number; token: string })[]
      expect([held!.token, again!.token, a!.asOf]).toEqual([other.token, 'A', b!.asOf])
    })

    it('rule 1: a lease is taken over from the holder that is named, whose fill is refused from then on', async () => {
      const { store } = await start()
      const holder = await granted(store, 'k')
      const ask = (token: string, replaces: string) => store.lease([{ key: 'k', token, ttlMs: 10_000, seen: 0, replaces }])
      const [other] = await ask('other', 'somebody else')
      expect(other).toMatchObject({ status: 'held', token: holder.token })
      expect(Math.abs((other as { asOf: number }).asOf - holder.asOf)).toBeLessThanOrEqual(harness.atomic ? 0 : 1_000_000)
      const [taken] = await ask('taker', holder.token)
      expect(taken!.status).toBe('granted')
      expect(await fill(store, 'k', holder)).toBe(false)
      expect(await fill(store, 'k', { token: 'taker', asOf: (taken as { asOf: number }).asOf })).toBe(true)
    })

    it('rule 1: of many who ask at once one gets the lease', async () => {
      const stores = [(await start()).store, await open(), await open()]
      const replies = await Promise.all(Array.from({ length: 30 }, (_, i) => lease(stores[i % 3]!, 'k')))
      expect(replies.filter(({ status }) => status === 'granted').length).toBe(1)
    })

    it('rule 1: losing the lease means not stored, and the next may load', async () => {
      const { store } = await start()
      const permit = await granted(store, 'k')
      await harness.lose({ lease: 'k' })
      expect(await fill(store, 'k', permit)).toBe(false)
      expect((await lease(store, 'k')).status).toBe('granted')
    })

    it('rule 1: what is no envelope counts as absent', async () => {
      const { store } = await start()
      for (const entry of [new Uint8Array(0), Buffer.from('no envelope, but as long as the head of one: '.repeat(4))]) {
        const { token, asOf } = await granted(store, 'k')
        expect(await store.fill({ key: 'k', token, asOf, entry, tags: [], ttlMs: 60_000 })).toBe(true)
        expect(Buffer.from((await store.read({ keys: ['k'], tags: [] })).entries[0]!)).toEqual(Buffer.from(entry))
      }
      await invalidate(store, { keys: ['k'], soft: true })
      expect(await write(store, 'k', { version: 1n })).toMatchObject({ status: 'stored' })
    })

    it('rule 2: stamps rise strictly, whoever asks, whatever record is lost', async () => {
      const { store } = await start()
      const stores = [store, await open()]
      let last = 0
      for (const [i, lost] of [{}, { clock: true }, { log: true }, { tail: true }, { clock: true, log: true }, {}].entries()) {
        await harness.lose(lost as { clock?: true })
        const stamps = [(await granted(stores[i % 2]!, `k${i}`)).asOf, (await invalidate(stores[0]!, { keys: ['x'] })).stamp]
        const written = await write(stores[1]!, 'w')
        stamps.push((written as { stamp: number }).stamp)
        for (const stamp of stamps) {
          expect(stamp).toBeGreaterThan(last)
          last = stamp
        }
      }
      const many = await Promise.all(Array.from({ length: 50 }, (_, i) => granted(stores[i % 2]!, `many${i}`)))
      expect(new Set(many.map(({ asOf }) => asOf)).size).toBe(50)
    })

    for (const lost of [{}, { clock: true }, { log: true }, { tail: true }, { clock: true, log: true, tail: true }] as const) {
      const when = Object.keys(lost).length > 0 ? `, though ${Object.keys(lost).join(', ')} was lost` : ''

      it(`rule 2: invalidating a key deletes its entry and refuses the loads under way${when}`, async () => {
        const { store } = await start()
        const asOf = await load(store, 'k')
        await load(store, 'other')
        const permit = await granted(store, 'k', asOf)
        await harness.lose(lost)
        const { stamp } = await invalidate(store, { keys: ['k', 'never stored'] })
        expect(stamp).toBeGreaterThan(permit.asOf)
        expect(await peek(store, 'k')).toBe(undefined)
        expect(await store.inspect('k')).toEqual({ lease: undefined })
        await harness.lose(lost)
        expect(await fill(store, 'k', permit)).toBe(false)
        expect((await peek(store, 'other'))?.value).toBe('value')
        await load(store, 'k', { value: 'new' })
      })

      it(`rule 2: invalidating a tag refuses the loads under way${when}`, async () => {
        const { store } = await start()
        const asOf = await load(store, 'k', { tags: ['t', 'u'] })
        const permit = await granted(store, 'k', asOf)
        const { stamp } = await invalidate(store, { tags: ['t'] })
        expect((await stampOf(store, 't'))!.hard).toBeGreaterThan(permit.asOf)
        expect((await stampOf(store, 't'))!.hard).toBeLessThanOrEqual(stamp)
        expect((await stampOf(store, 'u'))!.hard).toBeLessThanOrEqual(asOf)
        await harness.lose(lost)
        expect(await fill(store, 'k', permit, { tags: ['u', 't'] })).toBe(false)
        expect((await lease(store, 'k', asOf)).status).toBe('granted')
      })

      it(`rule 3: an invalidated tag refuses the loads under way when its record was lost${when}`, async () => {
        const { store } = await start()
        for (const soft of [false, true]) {
          await invalidate(store, { tags: ['another'], keys: ['another'] })
          const permit = await granted(store, `k${soft}`)
          await invalidate(store, { tags: ['a', 't', 'z'], keys: ['x'], soft })
          for (let i = 0; i < 70; i++) await invalidate(store, { keys: [`noise ${i}`] })
          await harness.lose({ tag: 't', ...lost })
          expect(await fill(store, `k${soft}`, permit, { tags: ['t'] })).toBe(false)
          expect((await stampOf(store, 't'))!.hard).toBeGreaterThan(permit.asOf)
          await load(store, `k${soft}`, { tags: ['t'] })
        }
      })
    }

    it('rule 2: what is invalidated has one stamp, and it is the newest of the log', async () => {
      const { store, log, tail } = await start()
      await load(store, 'k', { tags: ['t'] })
      const { stamp, time } = await invalidate(store, { keys: ['k'], tags: ['t'] })
      if (harness.atomic) expect(await stampOf(store, 't')).toEqual({ hard: stamp, soft: 0 })
      expect(await tailOf(store)).toBe(stamp)
      const batch = await log.read(tail, 0)
      expect(batch.records).toEqual([{ stamp, prev: tail, source: 'invalidator', keys: ['k'], tags: ['t'], soft: false, lagMs: 0 }])
      expect(batch.time).toBeGreaterThanOrEqual(time)
    })

    it('rule 2: ten thousand keys and tags at once', async () => {
      const { store, log, tail } = await start()
      const keys = Array.from({ length: 10_000 }, (_, i) => `key ${i}`)
      await load(store, keys[0]!)
      await load(store, keys[9_999]!)
      const permit = await granted(store, keys[5_000]!)
      await invalidate(store, { keys, tags: keys })
      expect((await store.read({ keys, tags: [] })).entries.every((entry) => entry === undefined)).toBe(true)
      expect((await store.read({ keys: [], tags: keys })).tags.every((tag) => tag!.hard > permit.asOf)).toBe(true)
      expect(await fill(store, keys[5_000]!, permit)).toBe(false)
      expect((await log.read(tail, 0)).records[0]).toMatchObject({ keys, tags: keys })
    })

    it('rule 2: a lag bars fills until it is over, and a later invalidation does not cut it short', async () => {
      const { store, log, tail } = await start()
      const lagMs = 600
      const { stamp } = await invalidate(store, { keys: ['k'], tags: ['t'], lagMs })
      await invalidate(store, { keys: ['k'], tags: ['t'], lagMs: 1 })
      await invalidate(store, { keys: ['k'], tags: ['t'] })
      expect((await write(store, 'k')).status).toBe('stored')
      await invalidate(store, { keys: ['k'] })
      expect(await fill(store, 'j', await granted(store, 'j'), { tags: ['t'] })).toBe(false)
      for (let i = 0; i < 70; i++) await invalidate(store, { keys: [`noise ${i}`] })
      expect((await lease(store, 'k')).status).toBe('barred')
      expect(await store.inspect('k')).toEqual({ lease: undefined })
      await harness.lose({ tag: 't' })
      expect(await fill(store, 'j', await granted(store, 'j'), { tags: ['t'] })).toBe(false)
      expect((await stampOf(store, 't'))!.hard).toBe(stamp + lagMs * 1_000)
      expect((await log.read(tail, 0)).records[0]!.lagMs).toBe(lagMs)
      await eventually(async () => (await lease(store, 'k')).status === 'granted')
      await eventually(async () => fill(store, 'j', await granted(store, 'j'), { tags: ['t'] }))
      expect((await peek(store, 'j'))!.asOf).toBeGreaterThan(stamp + lagMs * 1_000)
    })

    it('rule 3: a fill knows every tag of its entry, also those nobody has seen', async () => {
      const { store } = await start()
      expect((await store.read({ keys: [], tags: ['t', 'u'] })).tags).toEqual([undefined, undefined])
      const first = await granted(store, 'first')
      const second = await granted(store, 'second')
      expect(await fill(store, 'second', second, { tags: ['t', 'u'] })).toBe(true)
      expect((await stampOf(store, 't'))!.hard).toBeLessThanOrEqual(first.asOf)
      expect(await fill(store, 'first', first, { tags: ['u', 'v'] })).toBe(true)
    })

    it('rule 3: a lost record costs nothing where the log shows that nothing happened', async () => {
      const { store } = await start()
      for (const tag of ['t', 'k', 'p', 'x:y']) {
        await load(store, `carries ${tag}`, { tags: [tag] })
        const permit = await granted(store, `again ${tag}`)
        await harness.lose({ tag })
        expect(await stampOf(store, tag)).toBe(undefined)
        await invalidate(store, { tags: ['another', `"${tag}"`, `${tag}"`, tag + tag], keys: [tag, `${tag}2`] })
        await write(store, tag)
        expect(await fill(store, `again ${tag}`, permit, { tags: [tag] })).toBe(true)
      }
    })

    it('rule 3: where the log does not reach back, a load with an unknown tag is refused and the next passes', async () => {
      const { store } = await start()
      await load(store, 'known', { tags: ['known'] })
      const [a, b, known] = [await granted(store, 'a'), await granted(store, 'b'), await granted(store, 'c')]
      await harness.lose({ log: true })
      expect(await fill(store, 'c', known, { tags: ['known'] })).toBe(true)
      expect(await fill(store, 'a', a, { tags: ['t', 'u'] })).toBe(false)
      await invalidate(store, { keys: ['x'] })
      expect(await fill(store, 'b', b, { tags: ['v'] })).toBe(false)
      await load(store, 'a', { tags: ['t', 'u', 'v'] })
    })

    it('rule 5: readers of the log see every record once, in order, each with the one before', async () => {
      const { store, log, tail } = await start()
      const second = await start()
      expect(second.tail).toBe(tail)
      const stores = [store, second.store]
      await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 4 ? invalidate(stores[i % 2]!, { keys: [`k${i}`] }) : write(store, `k${i}`))))
      const records: LogRecord[] = []
      for (let position = tail; position !== (await tailOf(store)); position = records.at(-1)!.stamp) {
        records.push(...(await log.read(position, 0)).records)
      }
      expect(records.map(({ keys }) => keys[0]!).sort()).toEqual(Array.from({ length: 40 }, (_, i) => `k${i}`).sort())
      records.forEach((record, i) => expect(record.prev).toBe(i === 0 ? tail : records[i - 1]!.stamp))
      expect((await second.log.read(tail, 0)).records).toEqual(records)
      expect((await log.read(records[29]!.stamp, 0)).records).toEqual(records.slice(30))
      expect(await log.read(records[39]!.stamp, 0)).toMatchObject({ records: [], tail: records[39]!.stamp })
    })

    it('rule 5: a reader waits for the first record, no longer than it was told', async () => {
      const { store, log, tail } = await start()
      expect(await log.read(tail, 30)).toMatchObject({ records: [], tail })
      const waiting = log.read(tail, 10_000)
      const { stamp } = await invalidate(await open(), { tags: ['t'], soft: true, source: 'somebody' })
      const { records } = await waiting
      expect(records).toEqual([{ stamp, prev: tail, source: 'somebody', keys: [], tags: ['t'], soft: true, lagMs: 0 }])
      const pending = failureOf(log.read(stamp, 60_000))
      await log.close()
      await pending
      expect(await tailOf(store)).toBe(stamp)
    })

    it('rule 6: a log that is gone, or was begun anew, is told from the old one', async () => {
      const { store, log, tail } = await start()
      const { stamp } = await invalidate(store, { keys: ['k'] })
      await harness.lose({ log: true })
      expect(await log.read(stamp, 0)).toMatchObject({ records: [], tail: 0 })
      const next = await invalidate(store, { keys: ['k'] })
      expect((await log.read(stamp, 0)).records).toMatchObject([{ stamp: next.stamp, prev: 0 }])
      await harness.lose({ log: true, tail: true })
      expect(await tailOf(store)).toBe(undefined)
      const begun = await log.start()
      expect(begun.tail).toBeGreaterThan(next.stamp)
      expect(await tailOf(store)).toBe(begun.tail)
      const [first, ...others] = (await log.read(tail, 0)).records
      expect(first).toMatchObject({ stamp: begun.tail, prev: 0, keys: [], tags: [] })
      expect([others.length, (await log.start()).tail]).toEqual([0, begun.tail])
    })

    writeContract(subject, harness, { it, expect })

    it('rule 10: an invalidation that is repeated does no harm', async () => {
      const { store } = await start()
      const first = await invalidate(store, { keys: ['k'], tags: ['t'] })
      const again = await invalidate(store, { keys: ['k'], tags: ['t'] })
      expect(again.stamp).toBeGreaterThan(first.stamp)
      await load(store, 'k', { tags: ['t'] })
    })

    it('rule 12: a soft invalidation keeps entries and marks them', async () => {
      const { store } = await start()
      const asOf = await load(store, 'k', { tags: ['t'] })
      const permit = await granted(store, 'k', asOf)
      const { time } = await invalidate(store, { keys: ['k', 'absent'], soft: true })
      expect((await peek(store, 'k'))!.freshUntil).toBeLessThanOrEqual(time)
      expect(await fill(store, 'k', permit)).toBe(false)
      const { freshUntil } = (await peek(store, 'k'))!
      await invalidate(store, { keys: ['k'], soft: true })
      expect(await peek(store, 'k')).toMatchObject({ value: 'value', asOf, freshUntil })
      expect(await peek(store, 'absent')).toBe(undefined)
    })

    it('rule 12: a soft stamp of a tag stands beside the hard one', async () => {
      const { store } = await start()
      const asOf = await load(store, 'k', { tags: ['t'] })
      const { hard } = (await stampOf(store, 't'))!
      const permit = await granted(store, 'k', asOf)
      const soft = await invalidate(store, { tags: ['t', 'unknown'], soft: true })
      const marked = (await stampOf(store, 't'))!
      expect(marked.hard).toBe(hard)
      expect(marked.soft).toBeGreaterThan(permit.asOf)
      expect(marked.soft).toBeLessThanOrEqual(soft.stamp)
      expect((await stampOf(store, 'unknown'))!.hard).toBeGreaterThan(permit.asOf)
      expect(await fill(store, 'k', permit, { tags: ['t'] })).toBe(false)
      await invalidate(store, { tags: ['t'] })
      expect((await stampOf(store, 't'))!.soft).toBe(0)
      expect((await stampOf(store, 't'))!.hard).toBeGreaterThan(marked.soft)
    })

    it('an entry is discarded only while it is the one that proved invalid', async () => {
      const { store, tail } = await start()
      const asOf = await load(store, 'k')
      await store.discard('k', asOf - 1)
      await store.discard('absent', asOf)
      expect((await peek(store, 'k'))!.asOf).toBe(asOf)
      await store.discard('k', asOf)
      expect(await peek(store, 'k')).toBe(undefined)
      expect(await tailOf(store)).toBe(tail)
    })

    it('names of every kind stay apart', async () => {
      const { store, log, tail } = await start()
      const braces = ['}', '{', '{}', '}{', '%7D', '%', '%25', '', 'a}b', 'a%7Db', 'a{b}c']
      const others = ['\n', '\r\n', '\0', ' ', '*', '"', '\\', '"g":5}', '],"k":[', 'é', 'e\u0301', '😀', 'x'.repeat(1_000_000)]
      const names = [...braces, ...others]
      for (const [i, each] of names.entries()) await load(store, each, { value: i, tags: [each] })
      const { entries, tags } = await store.read({ keys: names, tags: names })
      expect(entries.map((bytes) => decoded(bytes!).value)).toEqual(names.map((_, i) => i))
      expect(tags.every((stamp) => stamp !== undefined)).toBe(true)
      for (const [i, each] of names.entries()) {
        const permit = await granted(store, 'probe')
        await invalidate(store, { keys: [each] })
        await invalidate(store, { tags: [each], soft: true })
        const left = await store.read({ keys: names, tags: names })
        expect(left.entries.map((bytes) => bytes !== undefined)).toEqual(names.map((_, other) => other > i))
        expect(left.tags.map((stamp) => Math.max(stamp!.hard, stamp!.soft) > permit.asOf)).toEqual(names.map((_, other) => other === i))
        await harness.lose({ tag: each })
        expect(await fill(store, 'probe', permit, { tags: [each] })).toBe(false)
      }
      const logged = (await log.read(tail, 0)).records.map(({ keys, tags: [tag] }) => keys[0] ?? tag)
      expect(logged).toEqual(names.flatMap((each) => [each, each]))
    })

    it('values of every size come back as they were', async () => {
      const { store } = await start()
      for (const size of [0, 1, 1_000, 65_536, 5_000_000]) {
        const value = Buffer.alloc(size, 'any byte \0\x80\xff\r\n', 'latin1')
        const { token, asOf } = await granted(store, `k${size}`)
        const padded = Buffer.concat([Buffer.from('xy'), envelope({ asOf, value })])
        // A view of more than itself, and not a Buffer.
        const entry = new Uint8Array(padded.buffer, padded.byteOffset + 2, padded.length - 2)
        expect(await store.fill({ key: `k${size}`, token, asOf, entry, tags: [], ttlMs: Infinity })).toBe(true)
        expect(value.equals((await peek(store, `k${size}`))!.value as Buffer)).toBe(true)
        await store.write({ key: 'w', entry, tags: [], ttlMs: Infinity, version: undefined, source: 's' })
        expect(value.equals((await peek(store, 'w'))!.value as Buffer)).toBe(true)
      }
    })

    it('an entry ends with its time to live', async () => {
      const { store } = await start()
      await load(store, 'short', { ttlMs: 20.5, tags: ['t'] })
      await load(store, 'endless', { ttlMs: Infinity, tags: ['t'] })
      await eventually(async () => (await peek(store, 'short')) === undefined)
      expect((await peek(store, 'endless'))!.value).toBe('value')
      await load(store, 'none', { ttlMs: 0 })
    })

    it('no interleaving leaves a value that was invalidated, whatever records are lost (G1, G5)', async () => {
      const { store } = await start()
      expect(await staleReads(subject, [store, await open()], harness)).toEqual([])
    })

    it('a closed store rejects everything with a TierError', async () => {
      const { store } = await start()
      await store.close()
      const calls: Promise<unknown>[] = [store.connect(), store.openLog(), store.inspect('k'), store.release('k', 't'), store.discard('k', 1), tailOf(store)]
      calls.push(lease(store, 'k'), fill(store, 'k', { token: 't', asOf: 1 }), write(store, 'k'), invalidate(store, { keys: ['k'] }))
      for (const error of await Promise.all(calls.map(failureOf))) expect(error instanceof TierError).toBe(true)
    })
  })
}
