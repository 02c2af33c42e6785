import { askRedis, startRedis } from 'test-support'
import { expect, it } from 'vitest'
import { Keys } from '../src/keys.ts'
import { bySlot, slotOf } from '../src/slot.ts'

const names = ['k', '}', '{', '{}', '}{x}', '%', '%25', '%7D', '', 'a}b', 'ü', '😀', '\0', ' ', 'x'.repeat(1_000), '{a}', 'a:{b}:c']

it('an entry and its lease share a slot, and no two names are written alike', () => {
  const keys = new Keys('strata')
  for (const name of names) expect(slotOf(keys.entry(name))).toBe(slotOf(keys.lease(name)))
  expect(new Set([keys.clock, keys.log, keys.tail].map(slotOf)).size).toBe(1)
  const written = names.flatMap((name) => [keys.entry(name), keys.lease(name), keys.tag(name)])
  expect(new Set([...written, keys.clock, keys.log, keys.tail]).size).toBe(3 * names.length + 3)
  // Keys spread over the slots.
  expect(bySlot(Array.from({ length: 1_000 }, (_, i) => keys.entry(`${i}`))).length).toBeGreaterThan(900)
})

it('the name of a lease differs from the name of its entry in one byte', () => {
  for (const prefix of ['strata', 'π', 'a:b']) {
    const keys = new Keys(prefix)
    const [entry, lease] = [Buffer.from(keys.entry('ü}')), Buffer.from(keys.lease('ü}'))]
    const at = Number(keys.letter) - 1
    expect([entry.toString('latin1', at, at + 1), lease.toString('latin1', at, at + 1)]).toEqual(['e', 'l'])
    lease[at] = entry[at]!
    expect(lease.equals(entry)).toBe(true)
  }
})

it('slots are those of Redis', async () => {
  await using server = await startRedis({ args: ['--cluster-enabled', 'yes'] })
  const keys = names.flatMap((name) => [name, new Keys('strata').entry(name), new Keys('{tag}x').tag(name), `a{${name}`, `{}${name}{a}`])
  for (const key of keys) expect(slotOf(key)).toBe(await askRedis(server.port, 'CLUSTER', 'KEYSLOT', key))
})
