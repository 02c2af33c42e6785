export type Cells = readonly string[]

/** Three digits that say something; whole numbers as they are. */
export function number(value: number): string {
  return value.toLocaleString('en', Number.isInteger(value) || value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 })
}

export function markdown(head: Cells, rows: readonly Cells[]): string {
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'))
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
