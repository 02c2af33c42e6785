import { base } from '../../rolldown.base.ts'

export default base({ 'src/index': 'src/index.ts', 'src/config': 'src/config.ts', 'src/decorators': 'src/decorators.ts', 'src/shared': 'src/shared.ts', 'testing/index': 'testing/index.ts' })
