import type { Cache } from '../src/cache.ts'
import type { Collection } from '../src/collection.ts'
import type { ContractTown } from './coherence-world.ts'
import { gate } from './gate.ts'
import type { TestApi } from './test-api.ts'

type Story = (title: string, tell: (town: ContractTown) => Promise<void>) => void

/** What may overtake a write between the source and the cache. */
const OVERTAKERS: readonly { readonly by: string; readonly overtake: (cache: Cache, town: ContractTown) => Promise<unknown> }[] = [
  { by: 'an invalidation by key', overtake: (cache) => cache.invalidate({ keys: [['rows', 'row']] }) },
  { by: 'an invalidation by tag', overtake: (cache) => cache.invalidateTags('table') },
  { by: 'an invalidation by a tag of its value', overtake: (cache) => cache.invalidateTags('v2') },
  { by: 'clear', overtake: (cache) => cache.clear() },
  { by: 'a write of another process', overtake: (cache, town) => rowsOf(cache, town).set('row', 'v3') },
]

/** Rule 9, of a write to the source whose outcome is cached. A part of the coherence contract. */
export function writeThroughStories(story: Story, expect: TestApi['expect']): void {
  for (const { by, overtake } of OVERTAKERS) {
    story(`rule 9: what a write to the source leads to is not cached where ${by} overtakes it`, async (town) => {
      const [reader, writer, other] = await town.processes(3)
      for (const cache of [reader!, writer!]) expect(await rowsOf(cache, town).get('row')).toBe('v1')
      const written = gate()
      const writing = rowsOf(writer!, town, () => written.pass()).set('row', 'v2')
      await written.reached
      town.row = 'v3'
      const known = town.remoteInvalidation(reader!)
      await overtake(other!, town)
      written.open()
      await writing
      await known
      for (const cache of [writer!, other!]) expect(await rowsOf(cache, town).get('row')).toBe('v3')
      const last = town.remoteInvalidation(reader!)
      await other!.delete('last')
      await last
      expect(await rowsOf(reader!, town).get('row')).toBe('v3')
    })
  }

  story('rule 9: what a write to the source leads to reaches every process', async (town) => {
    const [reader, writer] = await town.processes(2)
    expect(await rowsOf(reader!, town).get('row')).toBe('v1')
    // Its fill, too, holds the lease.
    await town.quiet(reader!, ['rows', 'row'])
    const known = town.remoteInvalidation(reader!)
    await rowsOf(writer!, town).set('row', 'v2')
    await known
    expect(rowsOf(writer!, town).getSync('row')).toBe('v2')
    expect(await reader!.get(['rows', 'row'])).toBe('v2')
    expect(rowsOf(reader!, town).getSync('row')).toBe('v2')
  })

  story('rule 9: a load that began before a write to the source is not kept after it', async (town) => {
    const [reader, writer] = await town.processes(2)
    const old = gate()
    const loading = reader!.getOrSet(['rows', 'row'], async () => {
      const value = town.row
      await old.pass()
      return value
    })
    await old.reached
    await rowsOf(writer!, town).set('row', 'v2')
    old.open()
    expect(await loading).toBe('v1')
    await town.quiet(reader!, ['rows', 'row'])
    for (const cache of [reader!, writer!]) expect(await rowsOf(cache, town).get('row')).toBe('v2')
  })
}

/** The row as a collection. Its writer waits after it has written. */
function rowsOf(cache: Cache, town: ContractTown, wait: () => Promise<void> = async () => {}): Collection<string, string> {
  return cache.collection('rows', {
    load: (_key: string) => town.row,
    write: async (_key, value) => {
      town.row = value
      await wait()
    },
    tags: (value) => ['table', value],
  })
}
