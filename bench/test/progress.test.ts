import { expect, it, vi } from 'vitest'
import { openProgress } from '../src/progress.ts'

it('without a terminal, each section is a line when it is done', () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  const progress = openProgress(10)
  const step = progress.section('heap', 4)(2)
  step('ours')
  step('theirs')
  expect(log).not.toHaveBeenCalled()
  progress.done()
  progress.close()
  expect(log.mock.calls).toEqual([['heap: 0 s']])
})
