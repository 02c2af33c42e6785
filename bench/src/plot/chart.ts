/** What is drawn. Logarithmic axes are chosen where values go over decades. */
export type Chart = LineChart | BarChart

interface LineChart extends Drawn {
  readonly kind: 'lines'
  /** What grows. */
  readonly x: string
  readonly points: readonly number[]
}

interface BarChart extends Drawn {
  readonly kind: 'bars'
  readonly groups: readonly string[]
}

interface Drawn {
  readonly title: string
  /** What is measured, with its unit. */
  readonly y: string
  readonly series: readonly Line[]
}

interface Line {
  readonly name: string
  /** For each point or group. `undefined`: not measured. */
  readonly values: readonly (number | undefined)[]
}

/** The file in `plots/`. */
export const fileName = ({ title }: Chart): string => `${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '')}.svg`
