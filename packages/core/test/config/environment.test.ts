import { describe, expect, it } from 'vitest'
import { Expanded, expandVariables } from '../../src/config/environment.ts'

const env = { HOST: 'db', EMPTY: '', PORT: '6379' }

function expanded(written: string): string | readonly string[] {
  const value = expandVariables(written, env)
  if (!(value instanceof Expanded)) return value as string
  expect(value.written).toBe(written)
  return value.broken.length > 0 ? value.broken : value.text
}

describe('variables', () => {
  it.each([
    ['plain', 'plain'],
    ['$HOST {HOST} $', '$HOST {HOST} $'],
    ['${HOST}', 'db'],
    ['redis://${HOST}:${PORT}/0', 'redis://db:6379/0'],
    ['${EMPTY}', ''],
    ['${EMPTY:-other}', 'other'],
    ['${NONE:-}', ''],
    ['${HOST:-other}', 'db'],
    ['${NONE:-a b: {c} d}', 'a b: {c d}'],
    ['${NONE:-${HOST}:${NONE:-1}}', 'db:1'],
    ['${HOST:-${NONE}}', 'db'],
    ['$${HOST}', '${HOST}'],
    ['$$${HOST}', '$${HOST}'],
    ['a$${b${HOST}', 'a${bdb'],
    ['${NONE:-$${x}}', '${x}'],
  ])('%s', (written, text) => {
    expect(expanded(written)).toBe(text)
  })

  it.each([
    ['${NONE}', /NONE is not, and has no default/],
    ['${NONE:-${ALSO}}', /ALSO is not/],
    ['${constructor}', /constructor is not/],
    ['${}', /variables such as/],
    ['${1A}', /variables such as/],
    ['${A-b}', /variables such as/],
    ['${HOST', /variables such as/],
    ['${HOST:-x', /'}' is missing/],
  ])('%s is a mistake', (written, rule) => {
    expect(expanded(written)).toEqual([expect.stringMatching(rule)])
  })

  it('are all named', () => {
    expect(expanded('${NONE}${HOST}${ALSO}')).toEqual([expect.stringContaining('NONE'), expect.stringContaining('ALSO')])
  })

  it('in every text of the data; names stay, and so does what is no data', () => {
    const date = new Date(0)
    const data = JSON.parse('{ "${HOST}": ["${HOST}", 5, null, true], "__proto__": { "x": "${PORT}" } }') as Record<string, unknown>
    const result = expandVariables({ data, date }, env) as { data: Record<string, unknown>; date: Date }
    expect(result.date).toBe(date)
    expect(Object.keys(result.data)).toEqual(['${HOST}', '__proto__'])
    expect(Object.getPrototypeOf(result.data)).toBe(Object.prototype)
    expect(({} as { x?: unknown }).x).toBeUndefined()
    expect((result.data['${HOST}'] as Expanded[])[0]!.text).toBe('db')
  })
})
