import type { CachesOptions, ConfigIssue } from '@stratacache/core'
import { BUILT_IN, Kinds, nearest, type Outcome, planCaches } from '@stratacache/core/config'
import { findKinds, type FoundKinds } from './find-kinds.ts'
import { readSource } from './read-source.ts'
import type { Source } from './source.ts'

/** A configuration that is read and checked. Nothing is open. */
export interface Prepared {
  readonly outcome: Outcome
  readonly kinds: Kinds
}

/** Packages of this project whose tiers a configuration can use. */
const PUBLISHED = ['redis']

export async function prepare(from: string | URL | object, { registry = [], env = process.env, ...parts }: CachesOptions): Promise<Prepared> {
  const source = await readSource(from)
  const given = new Kinds([...BUILT_IN, ...registry, ...source.kinds])
  const found = await findKinds(source.data, given, env, source.folder)
  const kinds = new Kinds([...given.all, ...found.kinds])
  const outcome = planCaches(source.data, kinds, env, parts)
  if (outcome.plan !== undefined) return { outcome, kinds }
  return { kinds, outcome: { plan: undefined, issues: outcome.issues.map((issue) => placed(withHint(issue, found, kinds), source)) } }
}

function placed(issue: ConfigIssue, source: Source): ConfigIssue {
  const at = issue.path && source.place(issue.path)
  return at === undefined ? issue : { ...issue, place: at }
}

/** What to do about a kind that was not found. */
function withHint(issue: ConfigIssue, { missing }: FoundKinds, { tier }: Kinds): ConfigIssue {
  const [section, , option] = issue.path ?? []
  const hint = section === 'tiers' && option === 'use' ? missing.get(String(issue.value)) : undefined
  if (hint === undefined) return issue
  const meant = nearest(String(issue.value), [...tier.keys(), ...PUBLISHED])
  return meant === undefined || meant === issue.value ? { ...issue, rule: hint } : { ...issue, rule: `a known kind (did you mean '${meant}'?)` }
}
