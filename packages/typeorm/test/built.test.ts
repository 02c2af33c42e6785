import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { expect, it } from 'vitest'
import config from '../rolldown.config.ts'

it('what is built imports only what the package depends on', async () => {
  await using bundle = await rolldown({ ...config, cwd: fileURLToPath(new URL('..', import.meta.url)) })
  const { output } = await bundle.generate({ format: 'esm' })
  const imports = new Set(output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.imports : [])))
  // A syntax that is newer than the target has helpers, which nobody installs: `using` is one.
  expect([...imports].filter((name) => !/^(?:node:.*|typeorm|@stratacache\/core)$/.test(name))).toEqual([])
})
