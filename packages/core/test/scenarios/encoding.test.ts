import { type Cache, json, SerializationError } from '@stratacache/core'
import type { Encoding } from '@stratacache/core/shared'
import { rest } from '@stratacache/core/testing'
import { describe, expect, it } from 'vitest'
import { ENCODINGS, encodingOf, rechecked, secretOf } from '../encodings.ts'
import { heard, Town } from './town.ts'

/* What does not fit a process's serializer, compression and encryption is a miss for it, and told by `corrupt`. */

const [plain, encrypted] = [ENCODINGS['plain']!, ENCODINGS['encrypted']!]
const ringOf = (...bytes: number[]): Encoding => encodingOf({ encryption: { keys: bytes.map((byte) => ({ id: `key ${byte}`, secret: secretOf(byte) })) } })

/** A process without memory of its own: each read asks the shared tier. */
const processOf = (town: Town, encoding: Encoding): Promise<Cache> => town.process({ tiers: [town.backend.tier(encoding)], negativeTtl: '1m' })

/** Reads the row with a loader and without. */
async function readings(town: Town, encoding: Encoding): Promise<{ found: unknown; answer: unknown; corrupt: number }> {
  await using cache = await processOf(town, encoding)
  const corrupt = heard(cache, 'corrupt')
  const found = await cache.get('row')
  const answer = await cache.getOrSet('row', () => 'loaded')
  await rest()
  return { found, answer, corrupt: corrupt.length }
}

describe('an entry is a miss, an event, and loaded anew', () => {
  const changes: Record<string, (bytes: Buffer) => void> = {
    'of a wire version to come': (bytes) => (bytes[2] = 2),
    'of a kind to come': (bytes) => (bytes[3] = 4),
    'of another serializer': (bytes) => bytes.writeUInt32LE(7, 80),
    'of a serialized format that is not known': (bytes) => bytes.fill(0x80, 85),
    'of a structured-clone format to come': (bytes) => bytes.set([0xff, 0x7f], 85),
    'of a payload that is not compressed, as it says': (bytes) => (bytes[3] = 3),
  }
  it.each(Object.entries(changes))('%s', async (_, change) => {
    await using town = new Town()
    await (await processOf(town, plain)).set('row', { some: 'value' })
    const stored = town.backend.state.entries.get('default:row')!
    change(stored.value)
    rechecked(stored.value).copy(stored.value)
    expect(await readings(town, plain)).toEqual({ found: undefined, answer: 'loaded', corrupt: 2 })
    expect(await readings(town, plain)).toEqual({ found: 'loaded', answer: 'loaded', corrupt: 0 })
  })

  const pairs: [string, Encoding, Encoding][] = [
    ['that is encrypted, where there are no keys', encrypted, plain],
    ['that is not encrypted, where there are', plain, encrypted],
    ['by a key that was dropped', ringOf(1), ringOf(2)],
    ['by another secret of the same id', ringOf(1), encodingOf({ encryption: { keys: [{ id: 'key 1', secret: secretOf(9) }] } })],
  ]
  it.each(pairs)('%s', async (_, writer, reader) => {
    for (const value of ['written', undefined]) {
      await using town = new Town()
      await (await processOf(town, writer)).getOrSet('row', () => value)
      await rest()
      expect(await readings(town, reader)).toEqual({ found: undefined, answer: 'loaded', corrupt: 2 })
      expect(await readings(town, reader)).toEqual({ found: 'loaded', answer: 'loaded', corrupt: 0 })
    }
  })

  it('that was moved under another key, of the same cache or of another', async () => {
    for (const from of ['default:other', 'app:row']) {
      await using town = new Town()
      const cache = await town.process({ name: from.split(':')[0]!, tiers: [town.backend.tier(encrypted)] })
      await cache.set(from.split(':')[1]!, 'of another')
      const { entries } = town.backend.state
      entries.set('default:row', entries.get(from)!)
      expect(await readings(town, encrypted)).toEqual({ found: undefined, answer: 'loaded', corrupt: 2 })
    }
  })

  it('whose lifetime, tags or version somebody changed, where it is encrypted', async () => {
    for (const at of [40, 48, 56, 76, 84, 88]) {
      await using town = new Town()
      await (await processOf(town, encrypted)).set('row', 'written', { tags: ['t'], version: 123 })
      const { value } = town.backend.state.entries.get('default:row')!
      value[at]! ^= 1
      rechecked(value).copy(value)
      expect(await readings(town, encrypted)).toEqual({ found: undefined, answer: 'loaded', corrupt: 2 })
    }
  })
})

describe('keys are rotated', () => {
  it('without a miss while the old one is known; afterwards what it wrote is loaded anew', async () => {
    await using town = new Town()
    await (await processOf(town, ringOf(1))).set('row', 'by the old key')
    expect(await readings(town, ringOf(1, 2))).toMatchObject({ found: 'by the old key', corrupt: 0 })
    const turned = await processOf(town, ringOf(2, 1))
    expect(await turned.get('row')).toBe('by the old key')
    await turned.set('new row', 'by the new key')
    await using last = await processOf(town, ringOf(2))
    expect(await last.get('new row')).toBe('by the new key')
    expect(await readings(town, ringOf(2))).toMatchObject({ found: undefined, answer: 'loaded' })
    expect(await turned.get('row')).toBe('loaded')
  })
})

it('an encrypted entry is served, softened and explained as any other', async () => {
  await using town = new Town()
  const cache = await processOf(town, ENCODINGS['zstd, encrypted']!)
  await cache.set('row', 'x'.repeat(100), { tags: ['t'], ttl: '1h', staleWhileRevalidate: '1h' })
  expect(await cache.explain('row')).toMatchObject({ tiers: [{ state: 'fresh' }] })
  await cache.expire({ keys: ['row'] })
  expect(await cache.explain('row')).toMatchObject({ tiers: [{ state: 'stale' }] })
  expect(await cache.getOrSet('row', () => 'loaded')).toBe('x'.repeat(100))
  await using stranger = await processOf(town, ringOf(9))
  expect(await stranger.explain('row')).toMatchObject({ tiers: [{ state: 'absent', because: 'what is stored is damaged, or of another serializer, or encrypted otherwise' }] })
})

it('who waits for the load of another process takes what that one has encrypted', async () => {
  await using town = new Town()
  const [first, second] = [await processOf(town, encrypted), await processOf(town, encrypted)]
  const source = Promise.withResolvers<string>()
  const loaded = first.getOrSet('row', () => source.promise)
  await rest()
  const waited = second.getOrSet('row', () => 'loaded twice')
  await rest()
  source.resolve('loaded once')
  expect(await loaded).toBe('loaded once')
  await rest()
  await town.clock.advance(100)
  expect(await waited).toBe('loaded once')
})

it('what the serializer refuses is an error of a set; of a fill it is an event, and the caller gets the value', async () => {
  await using town = new Town()
  const cache = await processOf(town, { serializer: json() })
  const corrupt = heard(cache, 'corrupt')
  await expect(cache.set('row', { at: new Date(0) })).rejects.toThrow(SerializationError)
  expect(await cache.getOrSet('row', () => new Date(0))).toEqual(new Date(0))
  await rest()
  expect(corrupt).toMatchObject([{ key: 'row', tier: 'shared', error: { code: 'STRATA_SERIALIZATION' } }])
  expect(await cache.get('row')).toBeUndefined()
})
