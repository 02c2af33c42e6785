import { expect, it } from 'vitest'
import { HOLDERS } from '../entries/index.ts'

const keys = Array.from({ length: 200 }, (_, id) => `item:${id}`)

it.each(HOLDERS.map((holder) => [holder.name, holder] as const))('%s holds its entries, and as many after it ran', async (name, holder) => {
  const { run, peek, count } = await holder.open({ keys, itemOf: (key) => ({ id: keys.indexOf(key) }) })
  for (const [id, key] of keys.entries()) expect(peek(key)).toEqual({ id })
  await run(1_000)
  expect(count()).toBe(keys.length)
  expect(keys.some((key) => peek(key) === undefined)).toBe(name.endsWith(' set'))
})
