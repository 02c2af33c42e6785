import { type Entry, type Fill, type Invalidation, type SharedStore, TierError, type Write } from '@stratacache/core'
import { Codec, structuredSerializer } from '@stratacache/core/shared'
import { expect } from 'vitest'

/** Nothing depends on it without encryption. */
const ANY_KEY = ''
const codec = new Codec({ serializer: structuredSerializer() })

export const envelope = (value: unknown, asOf = 0): Uint8Array =>
  codec.encode({ value, asOf, tags: [], version: undefined, storedAt: 0, freshUntil: Infinity, staleFor: 0, errorFor: 0, loadMs: 0 }, ANY_KEY)

export const anInvalidation = (parts: Partial<Invalidation>): Invalidation => ({ keys: [], tags: [], soft: false, lagMs: 0, source: 's', ...parts })

export const aWrite = (key: string, parts: Partial<Write> = {}): Write => ({
  key,
  entry: envelope('written'),
  tags: [],
  ttlMs: 60_000,
  version: undefined,
  source: 's',
  ...parts,
})

/** A granted lease, as a fill that uses it. */
export async function aFill(store: SharedStore, key: string, parts: Partial<Fill> = {}): Promise<Fill> {
  const [reply] = await store.lease([{ key, token: 'token', ttlMs: 10_000, seen: 0 }])
  if (reply!.status !== 'granted') throw new Error(`the lease is ${reply!.status}`)
  return { key, token: 'token', asOf: reply!.asOf, entry: envelope('loaded', reply!.asOf), tags: [], ttlMs: 60_000, ...parts }
}

export async function stored(store: SharedStore, key: string): Promise<Entry | undefined> {
  const [bytes] = (await store.read({ keys: [key], tags: [] })).entries
  return bytes && codec.decode(bytes, ANY_KEY)
}

/** What a promise was rejected with, which has to be a TierError that gives nothing away. */
export async function tierError(promise: Promise<unknown>): Promise<TierError> {
  const error = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(TierError)
  expect((error as TierError).cause ?? {}).not.toHaveProperty('command')
  return error as TierError
}
