import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { renderFindings } from '../src/render/findings.ts'
import type { Results } from '../src/results.ts'

const results = JSON.parse(readFileSync(new URL('results.fixture.json', import.meta.url), 'utf8')) as Results

it('findings are rendered from the results alone', () => {
  expect(renderFindings(results)).toMatchInlineSnapshot(`
    "# Findings of the bench

    Written by \`pnpm bench\` on 2026-01-31: Node v24.0.0, 2 CPUs. Do not edit.

    Compared with rival 1.2.3, other 4.5.6. Every arm's answers and loads were checked. Rounds of all arms alternate; a time is the median of the rounds, a ratio the median of the ratios round by round. Trust the ratios: the times are this machine's.

    ## Targets

    | target | limit | measured | met |
    | --- | ---: | ---: | ---: |
    | ours against rival | at most 1.1 × | 0.5 × | yes |
    | slow things | at most 2.5 × | 154 × | no |
    | gzipped | at most 14,000 bytes | 13,999 bytes | yes |

    ## Speed

    All at once.

    ### Fast things

    |  | ns each | × rival |
    | --- | ---: | ---: |
    | rival | 100 | 1.00 |
    | ours | 45.7 | 0.50 |

    ### Slow things

    |  | µs each | × rival |
    | --- | ---: | ---: |
    | rival | 8 | 1.00 |
    | ours | 1,235 | 154.32 |

    ## Rest

    Counted.

    ### Loads

    |  | loads, round by round | ms until all are answered |
    | --- | ---: | ---: |
    | ours | 1 1 2 | 60 |

    ### Bundles

    |  | minified | gzipped |
    | --- | ---: | ---: |
    | ours | 45,377 | 13,999 |
    "
  `)
})
