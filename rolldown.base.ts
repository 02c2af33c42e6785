import type { RolldownOptions } from 'rolldown'

/** Modules that have a file of their own in `dist`. */
export interface Apart {
  readonly name: string
  readonly test: RegExp
}

/**
 * What every package's JavaScript is built with; declarations come from tsc. Rolldown leaves a `const` a `const`: the engine
 * then knows its value. Where it becomes a `var`, each named number of the hot path is read and checked again at each use.
 *
 * @param input by the name in `dist`
 */
export function base(input: Readonly<Record<string, string>>, apart: readonly Apart[] = []): RolldownOptions {
  return {
    input,
    platform: 'node',
    external: /^[^./]/,
    transform: { target: 'node22' },
    preserveEntrySignatures: apart.length > 0 ? 'allow-extension' : 'exports-only',
    output: {
      dir: 'dist',
      cleanDir: true,
      format: 'esm',
      sourcemap: true,
      comments: { jsdoc: false },
      codeSplitting: { groups: [...apart], includeDependenciesRecursively: apart.length === 0 },
    },
  }
}
