import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { renderFindings } from '../src/render/findings.ts'
import { saveReport } from '../src/report.ts'
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

    ## Under load

    As it comes.

    ![p99 by scenario](plots/p99-by-scenario.svg)

    ### popular

    Often the same.

    |  | offered/s | served/s | p50 | p99 | p999 | loads of reads | stale answers |
    | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
    | no cache, reads | 1,000 | 800 | 1,235 | 2,000 | 2,100 | 5,000 of 5,000 | 0 |
    | no cache, writes | 2 | 2 | 1 | 2 | 3 |  |  |
    | stratacache, reads | 1,000 | 1,000 | 0.123 | 4.56 | 7 | 100 of 5,000 | 0 |

    The cache helps: the median is 0.123 ms instead of 1,235, p99 4.56 ms instead of 2,000, and the source is spared 98 % of the reads.

    ## Growth

    More and more.

    ### Time per read

    | entries (ns) | ours | rival |
    | --- | ---: | ---: |
    | 1,000 | 21.4 | 25 |
    | 1,000,000 | 60 | 1,235 |

    ![Time per read](plots/time-per-read.svg)

    ### Bytes per entry

    | entries | ours |
    | --- | ---: |
    | 1,000 | 97.6 |

    ![Bytes per entry](plots/bytes-per-entry.svg)
    "
  `)
})

describe('the report', () => {
  const folder = mkdtempSync(join(tmpdir(), 'report-'))
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
  afterAll(() => rmSync(folder, { recursive: true }))

  it('holds the results, the findings, and the plots that they refer to and no others', () => {
    mkdirSync(join(folder, 'plots'))
    writeFileSync(join(folder, 'plots', 'old.svg'), '')
    saveReport(results, pathToFileURL(`${folder}/`))
    expect(JSON.parse(read('results.json'))).toEqual(results)
    expect(read('findings.md')).toBe(renderFindings(results))
    const linked = [...read('findings.md').matchAll(/\(plots\/([^)]+)\)/g)].map((match) => match[1])
    expect(linked).toEqual(['p99-by-scenario.svg', 'time-per-read.svg', 'bytes-per-entry.svg'])
    expect(new Set(readdirSync(join(folder, 'plots')))).toEqual(new Set(linked))
  })
})
