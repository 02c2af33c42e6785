import { redis } from '../src/index.ts'
import { expect, it } from 'vitest'
import { resolveOptions } from '../src/options.ts'

const { fields } = redis.fromConfig.options.form
const url = 'redis://localhost'
const resolved = (options: object) => ({ ...resolveOptions({ url, ...options }), openDriver: undefined, serializer: undefined })

it.each(Object.entries(fields).filter(([name]) => name !== 'url'))('%s has the default that its shape tells', (name, { default: byDefault }) => {
  expect(byDefault).toBeDefined()
  expect(resolved({ [name]: byDefault })).toEqual(resolved({}))
})

it('use: redis is the same tier', () => {
  const tier = redis.fromConfig.create({ url, leaseTtl: '3s' })
  expect(tier).toMatchObject({ kind: 'shared', name: 'redis' })
  expect(() => redis.fromConfig.create({ url: 'http://host' })).toThrow('url must be a redis:// or rediss:// URL')
})
