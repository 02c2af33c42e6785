import { expect, it } from 'vitest'
import { nearest } from '../../src/config/nearest.ts'

const names = ['ttl', 'tags', 'url', 'maxEntries', 'staleIfError', 'staleWhileRevalidate', 'circuitBreaker']

it.each([
  ['tll', 'ttl'],
  ['tls', undefined],
  ['ttll', 'ttl'],
  ['tlt', 'ttl'],
  ['TTL', 'ttl'],
  ['ulr', 'url'],
  ['tag', 'tags'],
  ['maxentries', 'maxEntries'],
  ['maxEntires', 'maxEntries'],
  ['maxEntrys', 'maxEntries'],
  ['staleWhileRevaldiate', 'staleWhileRevalidate'],
  ['curcuitBraeker', 'circuitBreaker'],
  ['password', undefined],
  ['x', undefined],
  ['', undefined],
])('%s', (name, meant) => {
  expect(nearest(name, names)).toBe(meant)
})

it('a swap of neighbours is one edit', () => {
  expect(nearest('abdcefgh', ['abcdefgh'])).toBe('abcdefgh')
  // Three swaps: six edits if each counted twice.
  expect(nearest('badcfegh', ['abcdefgh'])).toBe('abcdefgh')
  expect(nearest('badcfehg', ['abcdefgh'])).toBeUndefined()
})

it('the closest, and of those the first', () => {
  expect(nearest('page1', ['pages', 'page', 'page2'])).toBe('pages')
  expect(nearest('page22', ['page1', 'page2'])).toBe('page2')
})
