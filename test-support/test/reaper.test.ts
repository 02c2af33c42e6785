import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { askRedis, until } from '../src/index.ts'

const index = new URL('../src/index.ts', import.meta.url)
const program = `
  import { startRedis } from ${JSON.stringify(index.href)}
  const { port, dir } = await startRedis()
  console.log(JSON.stringify({ port, dir }))
  setInterval(() => {}, 1000)
`

test.each(['SIGKILL', 'SIGTERM'] as const)('servers do not outlive a process ended by %s', async (signal) => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program])
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const { port, dir } = JSON.parse(line.toString()) as { port: number; dir: string }
  expect(await askRedis(port, 'PING')).toBe('PONG')
  child.kill(signal)
  await until('the server to be gone', () => askRedis(port, 'PING').then(() => false, () => true))
  await until('its folder to be gone', async () => !existsSync(dir))
})
