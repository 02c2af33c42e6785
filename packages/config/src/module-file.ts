import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { ConfigError } from '@stratacache/core'

/**
 * What a module exports as its default.
 *
 * @throws ConfigError for a module without one, one that is not there, and TypeScript where this Node cannot run it; what
 * the module itself throws.
 */
export async function loadModule(file: string, shown: string): Promise<unknown> {
  const refuse = (rule: string): never => {
    throw new ConfigError([{ option: 'file', rule, value: shown }])
  }
  if (!existsSync(file)) refuse('one that can be read (ENOENT)')
  let module: { readonly default?: unknown }
  try {
    module = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as { readonly default?: unknown }
  } catch (error) {
    const isUnknown = (error as NodeJS.ErrnoException).code === 'ERR_UNKNOWN_FILE_EXTENSION' && !process.features.typescript
    if (isUnknown) refuse('one that this Node can run: TypeScript takes Node 22.18 or newer, or --experimental-strip-types')
    throw error
  }
  return module.default ?? refuse('a module with a default export')
}
