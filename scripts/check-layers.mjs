import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path/posix'
import { checkFile } from './layers.mjs'

const complaints = sourceFiles().flatMap((path) => checkFile(path, readFileSync(path, 'utf8')))

for (const complaint of complaints) console.log(complaint)
if (complaints.length > 0) process.exitCode = 1

function sourceFiles() {
  return readdirSync('packages')
    .map((name) => join('packages', name, 'src'))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => join(folder, file)),
    )
}
