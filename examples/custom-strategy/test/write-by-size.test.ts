import { type Cache, createCache, createCaches } from '@stratacache/core'
import { manualClock } from '@stratacache/core/testing'
import { expect, it } from 'vitest'
import { writeBySize, writeBySizeKind } from '../src/write-by-size.ts'

function world() {
  const source = new Map<string, string>()
  const clock = manualClock()
  let isBroken = false
  const write = (id: string, text: string) => {
    if (isBroken) throw new Error('the source is down')
    source.set(id, text)
  }
  const loaders = { load: (id: string) => source.get(id), write, remove: (id: string) => void source.delete(id) }
  return { source, clock, loaders, breakSource: () => (isBroken = true) }
}

const texts = (cache: Cache, { loaders }: ReturnType<typeof world>) => cache.collection('texts', { ...loaders, writeStrategy: writeBySize({ maxBytes: 10 }) })

it('caches what is small, and invalidates what is not', async () => {
  const here = world()
  await using cache = createCache({ clock: here.clock, ttl: '1m' })
  const collection = texts(cache, here)
  await collection.set('a', '8 bytes ')
  expect(collection.getSync('a')).toBe('8 bytes ')
  await collection.set('a', '9 bytes, and more')
  expect(collection.getSync('a')).toBe(undefined)
  expect(await collection.get('a')).toBe('9 bytes, and more')
  await collection.delete('a')
  expect([here.source.size, collection.getSync('a')]).toEqual([0, undefined])
})

it('leaves the cache as it is where the source fails', async () => {
  const here = world()
  await using cache = createCache({ clock: here.clock, ttl: '1m' })
  const collection = texts(cache, here)
  await collection.set('a', 'old')
  here.breakSource()
  for (const text of ['new', 'new, and long']) await expect(collection.set('a', text)).rejects.toThrow('the source is down')
  expect(collection.getSync('a')).toBe('old')
})

it('is known by its name, with the rules of its options', async () => {
  const here = world()
  await using caches = createCaches({ caches: { a: { write: 'writeBySize' } } }, { registry: [writeBySizeKind] })
  const collection = caches.get('a').collection('texts', here.loaders)
  await collection.set('short', 'x'.repeat(9_998))
  await collection.set('long', 'x'.repeat(9_999))
  expect(['short', 'long'].map((id) => collection.getSync(id) === undefined)).toEqual([false, true])
  const wrong = { caches: { a: { write: { use: 'writeBySize', maxBytes: -1 } } } } as const
  expect(() => createCaches(wrong, { registry: [writeBySizeKind] })).toThrow('caches.a.write.maxBytes must be an integer >= 1, got -1')
})
