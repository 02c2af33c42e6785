import { readFile } from 'node:fs/promises'
import { dirname, extname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ConfigError } from '@stratacache/core'
import { registryOf } from './define-config.ts'
import { loadModule } from './module-file.ts'
import type { Source } from './source.ts'
import { parseText } from './text-file.ts'

const TEXTS = ['.json', '.yaml', '.yml']
const MODULES = ['.ts', '.mts', '.js', '.mjs']

/**
 * A configuration from a file, by its extension, or the object itself.
 *
 * @throws ConfigError for a file that cannot be read, or is not what its extension says.
 */
export async function readSource(source: string | URL | object): Promise<Source> {
  if (typeof source === 'object' && !(source instanceof URL)) {
    return { data: source, folder: process.cwd(), kinds: registryOf(source), place: () => undefined }
  }
  const file = resolve(typeof source === 'string' ? source : fileURLToPath(source))
  const shown = shownName(file)
  const extension = extname(file)
  if (MODULES.includes(extension)) {
    const data = await loadModule(file, shown)
    return { data, folder: dirname(file), kinds: registryOf(data), place: () => shown }
  }
  if (TEXTS.includes(extension)) return { ...parseText(await read(file, shown), shown, extension === '.json'), folder: dirname(file), kinds: [] }
  throw new ConfigError([{ option: 'file', rule: `one of ${[...TEXTS, ...MODULES].join(', ')}`, value: shown }])
}

async function read(file: string, shown: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new ConfigError([{ option: 'file', rule: `one that can be read (${(error as NodeJS.ErrnoException).code})`, value: shown }])
  }
}

/** As short as it is unambiguous. */
function shownName(file: string): string {
  const path = relative('', file)
  return path.startsWith('..') ? file : path
}
