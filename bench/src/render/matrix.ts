import type { MatrixTable } from '../tables.ts'
import { markdown, number } from './markdown.ts'

export const renderMatrix = ({ columns, rows }: MatrixTable): string => markdown(['', ...columns], rows.map(({ name, values }) => [name, ...values.map(number)]))
