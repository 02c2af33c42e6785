import { describe, expect, it } from 'vitest'
import { assertLoads, assertUser, userOf } from '../users.ts'

describe('an answer', () => {
  it('passes when it is the user of the key', () => {
    expect(() => assertUser('user:7', { ...userOf('user:7') })).not.toThrow()
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['the user of another key', userOf('user:1')],
    ['a user with a changed field', { ...userOf('user:7'), active: 'yes' }],
  ])('fails when it is %s', (_, answer) => {
    expect(() => assertUser('user:7', answer)).toThrow('answered wrong for user:7')
  })
})

it('the number of loads has to be exact', () => {
  expect(() => assertLoads(1, 1)).not.toThrow()
  expect(() => assertLoads(2, 1)).toThrow('loaded 2 times instead of 1')
  expect(() => assertLoads(0, 1)).toThrow('loaded 0 times instead of 1')
  expect(() => assertLoads(Number.NaN, 1)).toThrow('loaded NaN times instead of 1')
})
