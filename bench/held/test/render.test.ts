import { expect, it } from 'vitest'
import { distribution } from '../distribution.ts'
import { renderFindings } from '../render.ts'
import type { Results } from '../results.ts'

const results: Results = {
  command: 'pnpm held',
  node: 'v24.0.0',
  redis: '7.0.0',
  cpus: 2,
  date: '2026-01-31',
  sections: [
    {
      name: 'one',
      title: 'One thing',
      about: 'Done once.',
      tables: [{ title: 'Reads, ms', head: ['', 'samples', 'p50', 'p99', 'p999', 'max'], rows: [['some', ...distribution([3, 1, 2.3456])], ['none', ...distribution([])]] }],
      targets: [{ text: 'fast enough', measured: 1234.5, rule: 'at most', limit: 505, unit: ' ms' }],
    },
  ],
}

it('findings are rendered from the results alone', () => {
  expect(renderFindings(results)).toMatchInlineSnapshot(`
    "# What holds while Redis misbehaves

    Written by \`pnpm held\` on 2026-01-31: Node v24.0.0, Redis 7.0.0, 2 CPUs. Do not edit.

    Every answer was checked, and so was how often loaders were called. Redis, its clients and what loads them share the machine. Options are the defaults where nothing else is said.

    ## Targets

    | target | limit | measured | met |
    | --- | ---: | ---: | ---: |
    | fast enough | at most 505 ms | 1,235 ms | no |

    ## One thing

    Done once.

    ### Reads, ms

    |  | samples | p50 | p99 | p999 | max |
    | --- | ---: | ---: | ---: | ---: | ---: |
    | some | 3 | 2.35 | 3 | 3 | 3 |
    | none | 0 | - | - | - | - |
    "
  `)
})
