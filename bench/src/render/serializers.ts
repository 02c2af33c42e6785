import type { FidelityTable, SerializerRow, SerializerTable } from '../tables.ts'
import { ratio } from '../timing.ts'
import { markdown, number } from './markdown.ts'

export function renderSerializers({ rows, baseline }: SerializerTable): string {
  const hasBaseline = rows.some(({ name }) => name === baseline)
  const against = (row: SerializerRow, direction: 'serialize' | 'deserialize'): string[] => [
    number(row[direction].ns / 1_000),
    ...(hasBaseline ? [ratio(rows.map((each) => each[direction]), row.name, baseline).toFixed(2)] : []),
  ]
  const times = hasBaseline ? [`× ${baseline}`] : []
  return markdown(
    ['', 'serialize, µs', ...times, 'deserialize, µs', ...times, 'bytes'],
    rows.map((row) => [row.name, ...against(row, 'serialize'), ...against(row, 'deserialize'), number(row.bytes)]),
  )
}

export function renderFidelity({ rows }: FidelityTable): string {
  return markdown(
    ['', 'round-trips all of the list', 'refuses what it cannot keep'],
    rows.map(({ name, breaks, changes }) => [name, breaks === undefined ? 'yes' : `no: ${breaks}`, changes === undefined ? 'yes' : `no: ${changes}`]),
  )
}
