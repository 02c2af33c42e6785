import { base } from '../../rolldown.base.ts'

/*
 * Of a file that anything is imported from, a bundler keeps every constant that a call has made. The shapes of a
 * configuration are such, and hold all strategies: they have a file of their own, and so has what packages make theirs with.
 */
const APART = [
  { name: 'configuration', test: /src\/config\/(?!encoding-fields|mask|path|shape)/ },
  { name: 'shapes', test: /src\/config\// },
]

const ENTRIES = {
  'src/index': 'src/index.ts',
  'src/config': 'src/config.ts',
  'src/decorators': 'src/decorators.ts',
  'src/shared': 'src/shared.ts',
  'testing/index': 'testing/index.ts',
}

export default base(ENTRIES, APART)
