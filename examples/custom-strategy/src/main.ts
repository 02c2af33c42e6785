import { setTimeout as delay } from 'node:timers/promises'
import { type Cache, type Collection, createCache, createCaches } from '@stratacache/core'
import { refreshCostly, refreshCostlyKind } from './refresh-costly.ts'
import { writeBySize, writeBySizeKind } from './write-by-size.ts'

const source = new Map([['note', 'short'], ['report', 'long'.repeat(1_000)]])

const documents = {
  load: async (id: string) => {
    if (id === 'report') await delay(200)
    return source.get(id)
  },
  write: (id: string, text: string) => void source.set(id, text),
}

async function show(title: string, cache: Cache, collection: Collection<string, string>): Promise<void> {
  for (const id of source.keys()) await collection.get(id)
  await delay(10)
  const refreshed: string[] = []
  const stop = cache.on('load', ({ key }) => refreshed.push(key))
  for (const id of source.keys()) await collection.get(id)
  await delay(400)
  stop()
  console.log(`${title}: a hit refreshed ${refreshed.join(', ')}`)

  for (const [id, text] of source) await collection.set(id, text)
  const inMemory = [...source.keys()].filter((id) => collection.getSync(id) !== undefined)
  console.log(`${title}: after writing both, memory has ${inMemory.join(', ')}`)
}

await using cache = createCache({ ttl: '5s' })
const strategies = { readStrategy: refreshCostly({ lead: 50 }), writeStrategy: writeBySize({ maxBytes: 1_000 }) }
await show('in code', cache, cache.collection('documents', { ...documents, ...strategies }))

await using caches = createCaches(
  { caches: { archive: { ttl: '5s', read: { use: 'refreshCostly', lead: 50 }, write: { use: 'writeBySize', maxBytes: 1_000 } } } },
  { registry: [refreshCostlyKind, writeBySizeKind] },
)
const archive = caches.get('archive')
await show('in a configuration', archive, archive.collection('documents', documents))
