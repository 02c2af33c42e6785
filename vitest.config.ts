import { transform } from 'esbuild'
import { defineConfig } from 'vitest/config'

const source = 'stratacache-source'
// Naming one condition replaces vite's own list, so the list is repeated after it.
const conditions = [source, 'module', 'node', 'development|production']

export default defineConfig({
  plugins: [
    {
      // Nothing else here lowers standard decorators: neither Node nor what vitest strips types with.
      name: 'decorators',
      enforce: 'pre',
      transform: {
        filter: { id: /\/test\/decorators\/.*\.ts$/ },
        handler: (code, id) => transform(code, { loader: 'ts', target: 'es2022', sourcefile: id, sourcemap: true }),
      },
    },
  ],
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: [source] } },
  test: {
    environment: 'node',
    include: [
      'packages/*/test/**/*.test.ts',
      'test-support/test/**/*.test.ts',
      'docs/test/**/*.test.ts',
      'bench/**/test/**/*.test.ts',
      'examples/*/test/**/*.test.ts',
      'scripts/test/**/*.test.{ts,mjs}',
    ],
    pool: 'forks',
    maxWorkers: 2,
    // A process that a test forks inherits this, and so resolves packages to their sources too.
    execArgv: [`--conditions=${source}`],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    restoreMocks: true,
    unstubEnvs: true,
  },
})
