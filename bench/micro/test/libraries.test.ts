import { expect, it } from 'vitest'
import { SYNC, UNUSED, WAYS } from '../libraries/index.ts'
import { assertUser, KEYS, type User, userOf } from '../users.ts'

it.each([...WAYS, ...UNUSED, ...SYNC])('$name answers from memory what it has loaded once', async ({ open }) => {
  let loads = 0
  const load = (key: string): User => {
    loads++
    return userOf(key)
  }
  const cache = await open({ entries: KEYS.length, url: undefined, load })
  for (let round = 0; round < 2; round++) for (const id of [7, 9_999]) assertUser(KEYS[id]!, await cache.read(KEYS[id]!, id))
  expect([2, KEYS.length]).toContain(loads)
  await cache.close()
})
