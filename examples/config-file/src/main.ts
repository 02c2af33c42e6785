import { loadConfig } from '@stratacache/config'

await using caches = await loadConfig(new URL('../cache.yaml', import.meta.url))

for (const cache of caches) console.log(`${cache.name}: at most ${cache.stats().memory?.maxEntries} entries in memory`)

let loads = 0
const product = (): Promise<{ id: number; name: string }> =>
  caches.get('products').getOrSet(['product', 7], () => {
    loads++
    return { id: 7, name: 'Lamp' }
  })

await Promise.all([product(), product(), product()])
console.log(`three reads, ${loads} load`)
await caches.get('products').invalidateTags('catalog')
await product()
console.log(`after an invalidation, ${loads} loads`)
