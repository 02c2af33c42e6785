import type { SharedStore } from '../src/shared-store.ts'
import { decoded, type SharedStoreHarness, type SharedStoreSubject } from './shared-store-harness.ts'

const ROUNDS = 300
const TARGETS = [{ tags: ['t'] }, { keys: ['k'] }, { tags: ['u', 'x'] }]
const LOSSES: Parameters<SharedStoreHarness['lose']>[0][] = [
  { tag: 't' },
  { tag: 'u' },
  { entry: 'k' },
  { lease: 'k' },
  { clock: true },
  { tail: true },
  { log: true },
  { tag: 't', log: true },
]

/**
 * A source whose value is a count. It rises, is invalidated by key or by one of its tags, and is loaded all the
 * while by every store, and records are lost. Returns every read that found a value from before an invalidation
 * that had been confirmed.
 */
export async function staleReads(subject: SharedStoreSubject, stores: readonly SharedStore[], harness: SharedStoreHarness): Promise<string[]> {
  const stale: string[] = []
  let source = 0
  let running = true

  const load = async (store: SharedStore): Promise<void> => {
    while (running) {
      const reply = await subject.lease(store, 'k', Number.MAX_SAFE_INTEGER, 50)
      if (reply.status !== 'granted') continue
      const value = source
      // A loader takes its time.
      await store.inspect('k')
      await subject.fill(store, 'k', reply, { value, tags: ['t', 'u'] })
    }
  }
  const check = async (store: SharedStore, atLeast: number): Promise<void> => {
    const { entries, tags } = await store.read({ keys: ['k'], tags: ['t', 'u'] })
    const entry = entries[0] && decoded(entries[0])
    if (entry === undefined || tags.some((stamp) => stamp === undefined || stamp.hard > entry.asOf)) return
    if ((entry.value as number) < atLeast) stale.push(`${entry.value as number} < ${atLeast}`)
  }

  const loaders = stores.map(load)
  for (let round = 0; round < ROUNDS; round++) {
    const version = ++source
    await subject.invalidate(stores[round % stores.length]!, TARGETS[round % TARGETS.length]!)
    if (round % 4 === 0) await harness.lose(LOSSES[(round / 4) % LOSSES.length]!)
    await check(stores[(round + 1) % stores.length]!, version)
  }
  running = false
  await Promise.all(loaders)
  return stale
}
