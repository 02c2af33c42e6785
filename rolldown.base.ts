import type { RolldownOptions } from 'rolldown'

/**
 * What every package's JavaScript is built with; declarations come from tsc. Rolldown leaves a `const` a `const`: the engine
 * then knows its value. Where it becomes a `var`, each named number of the hot path is read and checked again at each use.
 *
 * @param input by the name in `dist`
 */
export const base = (input: Readonly<Record<string, string>>): RolldownOptions => ({
  input,
  platform: 'node',
  external: /^[^./]/,
  transform: { target: 'node22' },
  output: { dir: 'dist', cleanDir: true, format: 'esm', sourcemap: true, comments: { jsdoc: false } },
})
