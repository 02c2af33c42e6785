import { writeFileSync } from 'node:fs'
import { shippedSchema } from './shipped-schema.ts'

writeFileSync(new URL('../schema.json', import.meta.url), shippedSchema())
