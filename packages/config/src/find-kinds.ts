import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Kind } from '@stratacache/core'
import { Expanded, expandVariables, type Environment, type Kinds } from '@stratacache/core/config'

/** The kinds of a configuration's tiers that were found, and why the others were not, by `use`. */
export interface FoundKinds {
  readonly kinds: readonly Kind[]
  readonly missing: ReadonlyMap<string, string>
}

/** Looks for what `known` lacks: `use: name` is `name.fromConfig` of the package `@stratacache/name`. */
export async function findKinds(data: unknown, known: Kinds, env: Environment, folder: string): Promise<FoundKinds> {
  const kinds: Kind[] = []
  const missing = new Map<string, string>()
  for (const use of usesOf(data, env)) {
    if (known.tier.has(use) || !/^[a-z][a-z0-9]*$/.test(use)) continue
    const found = await find(use, folder)
    if (typeof found === 'string') missing.set(use, found)
    else kinds.push(found)
  }
  return { kinds, missing }
}

function usesOf(data: unknown, env: Environment): Set<string> {
  const tiers = Object.values(valueOf(data, 'tiers') ?? {})
  const uses = tiers.map((tier) => expandVariables(valueOf(tier, 'use'), env)).map((use) => (use instanceof Expanded ? use.text : use))
  return new Set(uses.filter((use) => typeof use === 'string'))
}

function valueOf(data: unknown, name: string): unknown {
  return typeof data === 'object' && data !== null && Object.hasOwn(data, name) ? (data as Record<string, unknown>)[name] : undefined
}

async function find(use: string, folder: string): Promise<Kind | string> {
  const name = `@stratacache/${use}`
  let file: string
  try {
    file = createRequire(join(folder, 'configuration')).resolve(name)
  } catch {
    return `a kind of an installed package (npm install ${name})`
  }
  const module = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Readonly<Record<string, { readonly fromConfig?: Kind } | undefined>>
  return module[use]?.fromConfig ?? `a kind: ${name} has no ${use}.fromConfig`
}
