import type { SharedStoreHarness, SharedStoreSubject, TestFramework } from './shared-store-harness.ts'

/** Rule 9: explicit writes. A part of the contract of a shared store. */
export function writeContract(subject: SharedStoreSubject, harness: SharedStoreHarness, { it, expect }: Pick<TestFramework, 'it' | 'expect'>): void {
  const { open, start, granted, fill, write, writeLeased, invalidate, peek, stampOf } = subject

  it('rule 9: a write is stamped, kills the lease and tells the others', async () => {
    const { store, log, tail } = await start()
    const permit = await granted(store, 'k')
    const reply = (await write(store, 'k', { value: 'new', tags: ['t'] })) as { status: string; stamp: number }
    expect(reply.status).toBe('stored')
    expect(reply.stamp).toBeGreaterThan(permit.asOf)
    expect(await peek(store, 'k')).toMatchObject({ value: 'new', asOf: reply.stamp })
    expect((await stampOf(store, 't'))!.hard).toBeLessThanOrEqual(reply.stamp)
    expect(await fill(store, 'k', permit, { value: 'old' })).toBe(false)
    const [record] = (await log.read(tail, 0)).records
    expect(record).toEqual({ stamp: reply.stamp, prev: tail, source: 'writer', keys: ['k'], tags: [], soft: false, lagMs: 0 })
    await harness.lose({ tag: 't', log: true })
    const second = (await write(store, 'k', { tags: ['t'] })) as { stamp: number }
    expect((await stampOf(store, 't'))!.hard).toBeLessThanOrEqual(second.stamp)
  })

  it('rule 9: a write with a version is refused where an equal or newer one is stored', async () => {
    const { store, log, tail } = await start()
    const statuses: string[] = []
    for (const version of [9n, 10n, 9n, 10n, 99n, 100n, 20n, 0n, 10n ** 200n, 10n ** 199n]) {
      statuses.push((await write(store, 'k', { version, value: version })).status)
    }
    const [s, o] = ['stored', 'superseded']
    expect(statuses).toEqual([s, s, o, o, s, s, o, o, s, o])
    expect((await peek(store, 'k'))!.value).toBe(10n ** 200n)
    expect((await log.read(tail, 0)).records.length).toBe(5)
    const permit = await granted(store, 'k', Number.MAX_SAFE_INTEGER)
    await write(store, 'k', { version: 1n })
    expect(await store.inspect('k')).toEqual({ lease: permit.token })
    expect((await write(store, 'k')).status).toBe('stored')
    expect((await write(store, 'k', { version: 1n })).status).toBe('stored')
  })

  it('rule 9: a lease tells the version of the entry whose place its load will take', async () => {
    const { store } = await start()
    expect((await granted(store, 'none')).version).toBe(undefined)
    await write(store, 'k', {})
    expect((await granted(store, 'k', Number.MAX_SAFE_INTEGER)).version).toBe(undefined)
    for (const version of [15n, 10n ** 200n]) {
      await write(store, 'k', { version })
      expect((await granted(store, 'k', Number.MAX_SAFE_INTEGER)).version).toBe(version)
    }
  })

  it('rule 9: of concurrent writes with versions the newest stays (G4)', async () => {
    const stores = [(await start()).store, await open()]
    const versions = Array.from({ length: 40 }, (_, i) => BigInt(((i * 17) % 40) + 1))
    const stamps = await Promise.all(versions.map((version, i) => write(stores[i % 2]!, 'k', { version, value: version })))
    expect((await peek(stores[0]!, 'k'))!.value).toBe(40n)
    const last = stamps[versions.indexOf(40n)] as { status: string; stamp: number }
    expect(last.status).toBe('stored')
    expect((await peek(stores[0]!, 'k'))!.asOf).toBe(last.stamp)
  })

  it('rule 9: a write under a lease is a fill that the others are told of, with the asOf from which copies stand', async () => {
    const { store, log, tail } = await start()
    const permit = await granted(store, 'k')
    const reply = (await writeLeased(store, 'k', permit, { value: 'new', tags: ['t'] }))!
    expect(reply.stamp).toBeGreaterThan(permit.asOf)
    expect(await peek(store, 'k')).toMatchObject({ value: 'new', asOf: permit.asOf })
    expect((await stampOf(store, 't'))!.hard).toBeLessThanOrEqual(permit.asOf)
    const [record] = (await log.read(tail, 0)).records
    expect(record).toEqual({ stamp: reply.stamp, prev: tail, source: 'writer', keys: ['k'], tags: [], soft: false, lagMs: 0, asOf: permit.asOf })
    expect(await store.inspect('k')).toEqual({ lease: undefined })
  })

  it('rule 9: a write under a lease that does not stand, or with a newer tag, stores nothing and tells nobody', async () => {
    const { store, log } = await start()
    const overtaken = [
      async () => void (await write(store, 'k', { value: 'newer' })),
      async () => void (await invalidate(store, { keys: ['k'] })),
      async () => void (await invalidate(store, { tags: ['t'] })),
      async () => void (await invalidate(store, { tags: ['t'], soft: true })),
      async () => harness.lose({ lease: 'k' }),
    ]
    for (const overtake of overtaken) {
      await write(store, 'k', { value: 'stands' })
      const permit = await granted(store, 'k', Number.MAX_SAFE_INTEGER)
      await overtake()
      const before = await peek(store, 'k')
      const tail = (await log.start()).tail
      expect(await writeLeased(store, 'k', permit, { value: 'late', tags: ['t'] })).toBe(undefined)
      expect(await peek(store, 'k')).toEqual(before)
      expect((await log.read(tail, 0)).records).toEqual([])
      await store.release('k', permit.token)
    }
  })

  it('rule 9: of concurrent writes the one with the highest stamp stays', async () => {
    const stores = [(await start()).store, await open()]
    for (let round = 0; round < 10; round++) {
      const writes = await Promise.all(Array.from({ length: 20 }, (_, i) => write(stores[i % 2]!, 'k', { value: i })))
      const stamps = writes.map((reply) => (reply.status === 'stored' ? reply.stamp : 0))
      const last = Math.max(...stamps)
      expect(await peek(stores[0]!, 'k')).toMatchObject({ value: stamps.indexOf(last), asOf: last })
    }
  })
}
