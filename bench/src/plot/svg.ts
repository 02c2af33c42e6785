import { type EChartsOption, init } from 'echarts'
import type { Chart } from './chart.ts'

const WIDTH = 820
const HEIGHT = 420
const COLORS = ['#1b5e9b', '#d1495b', '#2a9d5c', '#e09f3e', '#7b4fa3', '#3a3a3a']
/** Largest divided by smallest from which on an axis is logarithmic. */
const DECADES = 20

/** Draws a chart as SVG text: the same chart, the same text. */
export function svgOf(chart: Chart): string {
  const drawn = init(undefined, undefined, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT })
  try {
    drawn.setOption(optionOf(chart))
    return `${withStableIds(drawn.renderToSVGString())}\n`
  } finally {
    drawn.dispose()
  }
}

function optionOf(chart: Chart): EChartsOption {
  const { title, y, series } = chart
  const values = series.flatMap((line) => line.values.filter((value) => value !== undefined))
  return {
    animation: false,
    backgroundColor: '#ffffff',
    color: COLORS,
    textStyle: { fontFamily: 'sans-serif' },
    title: { text: title, left: 'center', top: 8, textStyle: { fontSize: 15 } },
    legend: { bottom: 6, itemGap: 28, data: series.map(({ name }) => name) },
    grid: { left: 70, right: 40, top: 56, bottom: 84 },
    xAxis: xAxisOf(chart),
    yAxis: { ...scale(values), name: y, nameGap: 10, axisLabel: { formatter: shortNumber } },
    series: series.map(({ name, values: line }) =>
      chart.kind === 'lines'
        ? { type: 'line', name, symbolSize: 6, data: line.map((value, index) => [chart.points[index]!, value ?? '-']) }
        : { type: 'bar', name, data: line.map((value) => value ?? '-') },
    ),
  }
}

function xAxisOf(chart: Chart): NonNullable<EChartsOption['xAxis']> {
  const name = { nameLocation: 'middle', nameGap: 28 } as const
  if (chart.kind === 'bars') return { type: 'category', data: [...chart.groups], axisLabel: { interval: 0, width: 80, overflow: 'break' } }
  const { points, x } = chart
  const arePowersOfTwo = points.every((point) => Number.isInteger(Math.log2(point)))
  const logarithmic = arePowersOfTwo ? ({ type: 'log', logBase: 2 } as const) : scale(points)
  return { ...logarithmic, ...name, name: x, min: Math.min(...points), max: Math.max(...points), axisLabel: { formatter: shortNumber } }
}

function scale(values: readonly number[]): { readonly type: 'log' | 'value' } {
  const least = Math.min(...values)
  return { type: least > 0 && Math.max(...values) / least >= DECADES ? 'log' : 'value' }
}

function shortNumber(value: number): string {
  return value.toLocaleString('en', { notation: value >= 10_000 ? 'compact' : 'standard', maximumSignificantDigits: 3 })
}

/** The renderer numbers all charts of the process; every file is to begin anew. */
function withStableIds(svg: string): string {
  const ids = new Map<string, string>()
  return svg.replaceAll(/zr\d+-(?:c|cls-|g|i)?\d+/g, (id) => {
    if (!ids.has(id)) ids.set(id, `id${ids.size}`)
    return ids.get(id)!
  })
}
