import type { ReadStrategy } from '@stratacache/core'
import { BUILT_IN, type Shape } from '@stratacache/core/config'
import { expect, it } from 'vitest'
import { liftedFields } from '../../src/config/cache-settings.ts'
import { resolveMemoryOptions, resolveSettings } from '../../src/options.ts'

/* Shapes repeat defaults for people to read; what holds is in options.ts. */

const defaultsOf = (fields: Readonly<Record<string, Shape<unknown>>>): [string, unknown][] =>
  Object.entries(fields).flatMap(([name, field]) => (field.default === undefined ? [] : [[name, field.default] as [string, unknown]]))

it.each(defaultsOf(liftedFields))('%s: %j is what a cache does without it', (name, byDefault) => {
  expect(resolveSettings({ [name]: byDefault })).toEqual(resolveSettings({}))
})

it.each(defaultsOf((liftedFields.circuitBreaker.form as { fields: Record<string, Shape<unknown>> }).fields))('circuitBreaker.%s: %j', (name, byDefault) => {
  expect(resolveSettings({ circuitBreaker: { [name]: byDefault } })).toEqual(resolveSettings({}))
})

it('the memory tier', () => {
  const kind = BUILT_IN.find(({ use }) => use === 'memory')!
  expect(defaultsOf(kind.options.form.fields).map(([name]) => name)).toEqual(['policy', 'copy'])
  for (const [name, byDefault] of defaultsOf(kind.options.form.fields)) {
    expect(resolveMemoryOptions({ maxEntries: 1, [name]: byDefault })).toEqual(resolveMemoryOptions({ maxEntries: 1 }))
  }
})

it('the strategies', () => {
  const hits = Array.from({ length: 200 }, (_, i) => ({ ageMs: i * 5, ttlMs: 1_000, loadMs: 100 }))
  const answers = (strategy: ReadStrategy): string[] => hits.map((hit) => strategy.onHit(hit, () => 0.5))
  for (const kind of BUILT_IN) {
    if (kind.kind !== 'read') continue
    const byDefault = Object.fromEntries(defaultsOf(kind.options.form.fields))
    expect(Object.keys(byDefault)).toEqual(Object.keys(kind.options.form.fields))
    expect(answers(kind.create(byDefault))).toEqual(answers(kind.create({})))
  }
})

it('what has no default has none', () => {
  const unset = Object.keys(liftedFields).filter((name) => liftedFields[name as keyof typeof liftedFields].default === undefined)
  expect(unset).toEqual(['ttl', 'negativeTtl', 'tags', 'softTimeout', 'shadow'])
})
