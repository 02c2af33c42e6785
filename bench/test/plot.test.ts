import { describe, expect, it } from 'vitest'
import { type Chart, fileName } from '../src/plot/chart.ts'
import { svgOf } from '../src/plot/svg.ts'

const lines: Chart = {
  kind: 'lines', title: 'Time per read (ns)', x: 'entries', y: 'ns', points: [1_000, 10_000, 1_000_000],
  series: [{ name: 'ours', values: [20, 30, 60] }, { name: 'rival', values: [25, 40, 2_000] }],
}
const bars: Chart = {
  kind: 'bars', title: 'By scenario', y: 'ms', groups: ['cold', 'warm'],
  series: [{ name: 'without', values: [100, 1] }, { name: 'with', values: [5, undefined] }],
}

const texts = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]!)

describe.each([['lines', lines], ['bars', bars]] as const)('a chart of %s', (_, chart) => {
  it('is the same text whenever it is drawn', () => {
    const first = svgOf(chart)
    svgOf(lines)
    svgOf(bars)
    expect(svgOf(chart)).toBe(first)
  })

  it('is a whole SVG on a white ground that names what it shows', () => {
    const svg = svgOf(chart)
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"[^>]*>\n<rect [^>]*fill="#ffffff"/)
    expect(svg).toMatch(/<\/svg>\n$/)
    expect(texts(svg)).toEqual(expect.arrayContaining([chart.title, chart.y, ...chart.series.map(({ name }) => name)]))
  })
})

it('an axis over decades is logarithmic', () => {
  expect(texts(svgOf(lines))).toEqual(expect.arrayContaining(['1,000', '10K', '100K', '1M']))
  expect(texts(svgOf(bars))).toEqual(expect.arrayContaining(['1', '10', '100']))
})

it('what goes by powers of two is shown in even steps', () => {
  const doubled: Chart = { ...lines, points: [1, 2, 4, 8], series: [{ name: 'ours', values: [1, 2, 3, 4] }] }
  expect(texts(svgOf(doubled))).toEqual(expect.arrayContaining(['1', '2', '4', '8']))
})

it('the file is named after the title', () => {
  expect(fileName(lines)).toBe('time-per-read-ns.svg')
})
