import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { entrySize } from '../../src/memory/size.ts'

describe('the estimate of an entry', () => {
  it('is within a quarter of what the heap takes for what is usually cached', { timeout: 60_000 }, () => {
    const program = fileURLToPath(new URL('heap.ts', import.meta.url))
    const output = execFileSync(process.execPath, ['--expose-gc', '--conditions=stratacache-source', program], { encoding: 'utf8' })
    const off = (JSON.parse(output) as { name: string; bytes: number; estimated: number }[]).filter(({ bytes, estimated }) => Math.abs(estimated / bytes - 1) > 0.25)
    expect(off).toEqual([])
  })

  it('looks at a part of what is large, and ends where an object holds itself', () => {
    const list = Array.from({ length: 1_000_000 }, (_, index) => ({ index, text: 'x'.repeat(20) }))
    expect(entrySize('k', list)).toBeGreaterThan(50_000_000)
    const circular: { self?: unknown } = {}
    circular.self = circular
    expect(entrySize('k', circular)).toBeLessThan(1_000)
  })
})
