import type { SeriesTable } from '../tables.ts'
import { markdown, number } from './markdown.ts'

export function renderSeries({ x, y, points, series }: SeriesTable): string {
  return markdown(
    [`${x} (${y})`, ...series.map(({ name }) => name)],
    points.map((point, index) => [number(point), ...series.map(({ costs }) => number(costs[index]!))]),
  )
}
