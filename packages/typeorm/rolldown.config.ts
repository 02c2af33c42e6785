import { base } from '../../rolldown.base.ts'

export default base({ 'src/index': 'src/index.ts' })
