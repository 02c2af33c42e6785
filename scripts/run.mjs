import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { demo } from './demo.mjs'
import { test } from './test.mjs'

const commands = { test, demo }
const [name, ...args] = process.argv.slice(2)
const command = commands[name]

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))))

if (command === undefined) {
  console.log(`usage: node scripts/run.mjs ${Object.keys(commands).join(' | ')}`)
  process.exit(2)
}
process.exitCode = (await command(args)) ? 0 : 1
