import type { Options } from 'tsup'

/** What every package's JavaScript is built with; declarations come from tsc. */
export const base: Options = {
  format: 'esm',
  target: 'node22',
  platform: 'node',
  outDir: 'dist',
  clean: true,
  sourcemap: true,
  splitting: true,
}
