import type { Rule } from '../checker/judged.ts'
import type { Topology } from '../stage/backend.ts'

/** What one scene showed. */
export interface SceneReport {
  readonly library: string
  readonly scene: string
  readonly topology: Topology
  readonly seed: number
  readonly seconds: number
  readonly operations: number
  readonly reads: number
  readonly violations: Readonly<Partial<Record<Rule, number>>>
  /** The smallest history around the first violation. */
  readonly story: string | undefined
  readonly complaints: readonly string[]
}

export interface Results {
  readonly date: string
  readonly node: string
  readonly cpus: number
  readonly command: string
  readonly scenes: readonly SceneReport[]
}

/** Those that concern what callers were given. */
export const countOf = ({ violations }: SceneReport): number =>
  Object.entries(violations).reduce((sum, [rule, count]) => (rule === 'loaded twice' ? sum : sum + count), 0)

export const doubleLoadsOf = ({ violations }: SceneReport): number => violations['loaded twice'] ?? 0
