import { expect, test, vi } from 'vitest'
import { tryForMariadb } from '../mariadb.mjs'
import { ensureProgram } from '../system-program.mjs'

vi.mock('../system-program.mjs', () => ({ ensureProgram: vi.fn() }))

test('a system that cannot have MariaDB is told so in one line, and no more', async () => {
  const log = vi.spyOn(console, 'log').mockReturnValue(undefined)
  vi.mocked(ensureProgram).mockRejectedValueOnce(new Error('no such package'))
  await tryForMariadb()
  expect(log).toHaveBeenCalledExactlyOnceWith('tests with MariaDB are skipped: no such package')
})
