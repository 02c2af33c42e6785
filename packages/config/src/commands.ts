import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigError, type Kind } from '@stratacache/core'
import { BUILT_IN, Kinds, type Plan } from '@stratacache/core/config'
import { stringify } from 'yaml'
import { jsonSchema } from './json-schema.ts'
import { prepare } from './prepare.ts'
import { printed } from './printed.ts'

/** What the command line is told. */
export interface CommandOptions {
  /** A module whose default export is an array of kinds. */
  readonly registry?: string
  readonly envFile?: string
  readonly json?: boolean
}

/* What each command answers. They throw a ConfigError with every mistake, and open nothing. */

export async function check(file: string, options: CommandOptions): Promise<string> {
  const { tiers = {}, caches } = (await planOf(file, options)).plan.resolved
  return `ok: ${counted(Object.keys(tiers), 'tier')}, ${counted(Object.keys(caches), 'cache')}`
}

export async function print(file: string, options: CommandOptions): Promise<string> {
  const { plan, kinds } = await planOf(file, options)
  const shown = printed(plan, kinds)
  return options.json ? JSON.stringify(shown, undefined, 2) : stringify(shown, { aliasDuplicateObjects: false }).trimEnd()
}

export async function schema(options: CommandOptions): Promise<string> {
  return JSON.stringify(jsonSchema(new Kinds([...BUILT_IN, ...(await registryOf(options))])), undefined, 2)
}

async function planOf(file: string, options: CommandOptions): Promise<{ readonly plan: Plan; readonly kinds: Kinds }> {
  if (options.envFile !== undefined) process.loadEnvFile(options.envFile)
  const { outcome, kinds } = await prepare(file, { registry: await registryOf(options) })
  if (outcome.plan === undefined) throw new ConfigError(outcome.issues)
  return { plan: outcome.plan, kinds }
}

async function registryOf({ registry }: CommandOptions): Promise<readonly Kind[]> {
  if (registry === undefined) return []
  const { default: kinds } = (await import(pathToFileURL(resolve(registry)).href)) as { readonly default?: readonly Kind[] }
  if (Array.isArray(kinds)) return kinds as readonly Kind[]
  throw new ConfigError([{ option: '--registry', rule: 'a module whose default export is an array of kinds', value: registry }])
}

const counted = (names: readonly string[], word: string): string => `${names.length} ${word}${names.length === 1 ? '' : 's'}`
