import { resolveEncoding } from '@stratacache/core/shared'
import { describe, expect, it } from 'vitest'
import { redis } from '../src/index.ts'
import { resolveOptions } from '../src/options.ts'

const { fields } = redis.fromConfig.options.form
const url = 'redis://localhost'
const stored = (options: object) => ({ ...resolveOptions({ url, ...options }).store, openDriver: undefined })

describe('the shapes of its options', () => {
  const withDefault = Object.entries(fields).filter(([, field]) => field.default !== undefined)

  it.each(withDefault)('%s has the default that its shape tells', (name, { default: byDefault }) => {
    expect(stored({ [name]: byDefault })).toEqual(stored({}))
  })

  it('some have none', () => {
    const unset = Object.keys(fields).filter((name) => fields[name]!.default === undefined)
    expect(unset).toEqual(['url', 'compression', 'encryption'])
    const { form } = fields['compression']!
    const minBytes = form.kind === 'object' && form.fields['minBytes']!.default
    expect(resolveEncoding({ compression: 'zstd' }, () => {}).compression?.minBytes).toBe(minBytes)
  })
})

it('use: redis is the same tier', () => {
  const tier = redis.fromConfig.create({ url, leaseTtl: '3s', compression: 'zstd', encryption: { keys: [{ id: 'a', secret: 'ab'.repeat(32) }] } })
  expect(tier).toMatchObject({ kind: 'shared', name: 'redis' })
  expect(() => redis.fromConfig.create({ url: 'http://host' })).toThrow('url must be a redis:// or rediss:// URL')
})
