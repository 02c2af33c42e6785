import { describe, expect, it } from 'vitest'
import { check } from '../../src/config/check.ts'
import { expandVariables } from '../../src/config/environment.ts'
import { pathText } from '../../src/config/path.ts'
import { count, duration, factor, flag, fraction, listOf, object, oneOf, record, required, type Shape, text, use } from '../../src/config/shape.ts'

/** What is left of a value, and what is said about it. */
function checked(shape: Shape<unknown>, value: unknown, env: Record<string, string> = {}) {
  const mistakes: string[] = []
  const left = check(shape, expandVariables(value, env), [], (path, rule, given) => mistakes.push(`${pathText(path)}: ${rule}: ${JSON.stringify(given)}`))
  return { left, mistakes }
}

const DURATION = "a number of milliseconds >= 0 or a string such as '250ms', '30s', '5m', '1d'"

describe('a shape takes what it describes, and says what else must be', () => {
  it.each<[string, Shape<unknown>, unknown[], unknown[], string]>([
    ['text', text(), ['', 'a'], [1, null, '\ud800', {}], 'a string without lone surrogates'],
    ['duration', duration(), [0, 1.5, Infinity, '5m', '1.5s', '0ms'], [-1, NaN, '5', '5 m', null, true], DURATION],
    ['count', count(), [1, 1000], [0, -1, 1.5, Infinity, '1', null], 'an integer >= 1'],
    ['count from 0', count({ least: 0 }), [0, 1], [-1], 'an integer >= 0'],
    ['fraction', fraction(), [0, 0.5, 1], [-0.1, 1.1, '0.5'], 'a number from 0 to 1'],
    ['open fraction', fraction({ open: true }), [0.5], [0, 1], 'a number above 0 and below 1'],
    ['factor', factor(), [0.1, 100], [0, -1, Infinity, NaN], 'a finite number above 0'],
    ['flag', flag(), [true, false], ['true', 0, null], 'true or false'],
    ['choice', oneOf(['a', 'b']), ['a', 'b'], ['c', 1, null], "one of 'a', 'b'"],
    ['list', listOf(text()), [[], ['a']], ['a', {}, null], 'an array'],
    ['record', record(text()), [{}, { a: 'b' }], ['a', [], null, new Date(0)], 'an object'],
  ])('%s', (_, shape, good, bad, rule) => {
    for (const value of good) expect(checked(shape, value)).toEqual({ left: value, mistakes: [] })
    for (const value of bad) {
      const { left, mistakes } = checked(shape, value)
      expect(left).toBeUndefined()
      expect(mistakes).toHaveLength(1)
      expect(mistakes[0]).toContain(`the configuration: ${rule}: `)
    }
  })

  it('an object: no other names, and none missing', () => {
    const shape = object({ url: required(text()), ttl: duration() })
    expect(checked(shape, { url: 'a' })).toEqual({ left: { url: 'a' }, mistakes: [] })
    expect(checked(shape, { url: 'a', ttl: undefined })).toEqual({ left: { url: 'a', ttl: undefined }, mistakes: [] })
    expect(checked(shape, { ttl: 5 }).mistakes).toEqual(['url: given: undefined'])
    expect(checked(shape, null).mistakes).toEqual(['url: given: undefined'])
    expect(checked(shape, { url: 'a', other: 1 }).mistakes).toEqual(['other: one of the options url, ttl: "***"'])
    expect(checked(shape, JSON.parse('{ "url": "a", "__proto__": 1, "constructor": 2 }')).mistakes).toHaveLength(2)
  })

  it('a name that is misspelt is not also missing', () => {
    const shape = object({ url: required(text()) })
    expect(checked(shape, { urll: 'a' }).mistakes).toEqual(["urll: a known option (did you mean 'url'?): \"***\""])
    const bounds = object({ maxEntries: count(), maxBytes: count() }, { someOf: ['maxEntries', 'maxBytes'] })
    expect(checked(bounds, {}).mistakes).toEqual(['the configuration: an object with maxEntries or maxBytes: {}'])
    expect(checked(bounds, { maxEntires: 5 }).mistakes).toHaveLength(1)
    expect(checked(bounds, { maxBytes: 5 }).mistakes).toEqual([])
  })

  it('one that can be used in several kinds', () => {
    const kinds = [
      { use: 'disk', options: object({ path: required(text()) }) },
      { use: 'none', options: object({}) },
    ]
    expect(checked(use(kinds), { use: 'disk', path: '/a' })).toEqual({ left: { use: 'disk', path: '/a' }, mistakes: [] })
    expect(checked(use(kinds), { use: 'disk' }).mistakes).toEqual(['path: given: undefined'])
    expect(checked(use(kinds), { use: 'disc', path: '/a' }).mistakes).toEqual(["use: one of 'disk', 'none' (did you mean 'disk'?): \"disc\""])
    expect(checked(use(kinds), {}).mistakes).toEqual(["use: one of 'disk', 'none': undefined"])
    expect(checked(use(kinds), 'none').mistakes).toEqual(["the configuration: an object with 'use': \"none\""])
    expect(checked(use(kinds, { short: true }), 'none')).toEqual({ left: { use: 'none' }, mistakes: [] })
    expect(checked(use(kinds, { short: true }), 'nona').mistakes).toEqual(["the configuration: one of 'disk', 'none' (did you mean 'none'?): \"nona\""])
    expect(checked(use(kinds, { short: true }), 5).mistakes).toEqual(["the configuration: a name, or an object with 'use': 5"])
    expect(checked(use([], { short: true }), 'a').mistakes).toEqual(['the configuration: left out: there is no name to choose: "a"'])
  })

  it('everything at once, each with its path', () => {
    const shape = object({ tags: listOf(text()), by: record(object({ n: count() })) })
    expect(checked(shape, { tags: ['a', 1, 2], by: { x: { n: 0 }, 'y z': { m: 1 } } }).mistakes.map((mistake) => mistake.split(': ')[0])).toEqual([
      'tags[1]', 'tags[2]', 'by.x.n', 'by["y z"].m',
    ])
  })
})

describe('a text from the environment', () => {
  const env = { N: '5', ON: 'true', T: '250', D: '5m', A: 'a' }

  it('stands for what is wanted', () => {
    expect(checked(count(), '${N}', env).left).toBe(5)
    expect(checked(count(), '${N}000', env).left).toBe(5000)
    expect(checked(count(), '${NONE:-7}', env).left).toBe(7)
    expect(checked(flag(), '${ON}', env).left).toBe(true)
    expect(checked(duration(), '${T}', env).left).toBe(250)
    expect(checked(duration(), '${D}', env).left).toBe('5m')
    expect(checked(oneOf(['a', 'b']), '${A}', env).left).toBe('a')
    expect(checked(text(), '${N}', env).left).toBe('5')
    expect(checked(use([{ use: 'a', options: object({}) }], { short: true }), '${A}', env).left).toEqual({ use: 'a' })
    expect(checked(use([{ use: 'a', options: object({}) }]), { use: '${A}' }, env).left).toEqual({ use: 'a' })
  })

  it.each(['', ' ', 'abc', '0x', '1e999'])('is no number as %j', (text_) => {
    expect(checked(count(), '${N}', { N: text_ }).mistakes).toEqual(['the configuration: an integer >= 1: "${N}"'])
  })

  it('is not in a message: what stands in the data is', () => {
    for (const shape of [count(), flag(), duration(), oneOf(['a']), listOf(text()), record(text()), object({})]) {
      const { mistakes } = checked(shape, '${PASSWORD}', { PASSWORD: 'hunter2' })
      expect(mistakes).toHaveLength(1)
      expect(mistakes[0]).toContain('"${PASSWORD}"')
      expect(mistakes[0]).not.toContain('hunter2')
    }
    expect(checked(object({}), { pin: '${PASSWORD}' }, { PASSWORD: 'hunter2' }).mistakes.join()).not.toContain('hunter2')
  })

  it('that has no value is a mistake, under an unknown name too', () => {
    expect(checked(object({ a: text() }), { a: '${X}', b: ['${Y}'] }).mistakes).toEqual([
      'a: a text whose variables are set: X is not, and has no default (${X:-default}): "${X}"',
      'b: one of the options a: ["***"]',
      'b[0]: a text whose variables are set: Y is not, and has no default (${Y:-default}): "***"',
    ])
  })
})

describe('secrets', () => {
  it('are not in messages, written or not', () => {
    const shape = object({ password: text({ secret: true }), url: text({ secret: 'url' }), ttl: duration() })
    const data = { password: 12345, url: ['redis://app:hunter2@host'], ttl: 'redis://app:hunter2@host?p=hunter2', pasword: 'hunter2', more: { deep: 'hunter2' } }
    const said = checked(shape, data).mistakes.join('\n')
    expect(said).not.toMatch(/hunter2|12345/)
    expect(said).toContain('"redis://***@host?***"')
    expect(checked(text({ secret: true }), 'hunter2${X}').mistakes.join()).not.toContain('hunter2')
  })
})
