import { expect, it } from 'vitest'
import { manualClock } from '../../../testing/manual-clock.ts'
import { Flusher } from '../../../src/strategies/write-behind/flusher.ts'
import { resolveWriteBehind } from '../../../src/strategies/write-behind/options.ts'
import type { WriteContext } from '../../../src/write-strategy.ts'

it('the source is written also where the cache takes nothing any more', async () => {
  const written: unknown[] = []
  const context = {
    name: 'c',
    clock: manualClock(),
    random: () => 1,
    keyText: String,
    manyToSource: async (changes: readonly unknown[]) => {
      written.push(...changes)
      return changes.map(() => ({ status: 'fulfilled', value: undefined }))
    },
    toCacheAfter: async () => {
      throw new Error('closed')
    },
    toCache: async () => {},
  } as unknown as WriteContext<string, number>
  const flusher = new Flusher(context, resolveWriteBehind({}), undefined)
  for (const key of ['a', 'b']) await flusher.accept({ type: 'set', key, value: 1 })
  await flusher.flush()
  expect(written.length).toBe(2)
})
