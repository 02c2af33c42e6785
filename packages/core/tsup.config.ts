import { defineConfig } from 'tsup'
import { base } from '../../tsup.base.ts'

export default defineConfig({
  ...base,
  entry: { 'src/index': 'src/index.ts', 'src/shared': 'src/shared.ts', 'testing/index': 'testing/index.ts' },
})
