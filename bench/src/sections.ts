import { entries } from '../growth/entries/entries.ts'
import { inFlight } from '../growth/in-flight.ts'
import { invalidation } from '../growth/invalidation/invalidation.ts'
import { processes } from '../growth/processes.ts'
import { tags } from '../growth/tags/tags.ts'
import { load } from '../load/load.ts'
import { heap } from '../micro/heap.ts'
import { memoryHit } from '../micro/memory-hit.ts'
import { serializers } from '../micro/serializers/serializers.ts'
import { set } from '../micro/set.ts'
import { sharedHit } from '../micro/shared-hit.ts'
import { size } from '../micro/size.ts'
import { stampede } from '../micro/stampede.ts'
import { strategies } from '../micro/strategies/strategies.ts'
import { orm } from '../orm/orm.ts'
import { hitRatio } from '../sim/hit-ratio.ts'
import type { Steps } from './progress.ts'
import type { Section } from './results.ts'

export interface SectionOfBench {
  readonly run: (steps: Steps) => Promise<Section>
  /** How long it takes, about: its share of the progress bar. */
  readonly seconds: number
}

/** In the order of the report. */
export const SECTIONS: Readonly<Record<string, SectionOfBench>> = {
  'memory-hit': { run: memoryHit, seconds: 110 },
  set: { run: set, seconds: 5 },
  'shared-hit': { run: sharedHit, seconds: 90 },
  serializers: { run: serializers, seconds: 100 },
  strategies: { run: strategies, seconds: 55 },
  stampede: { run: stampede, seconds: 15 },
  'hit-ratio': { run: hitRatio, seconds: 25 },
  heap: { run: heap, seconds: 13 },
  size: { run: size, seconds: 1 },
  typeorm: { run: orm, seconds: 120 },
  load: { run: load, seconds: 140 },
  entries: { run: entries, seconds: 50 },
  'in-flight': { run: inFlight, seconds: 15 },
  tags: { run: tags, seconds: 20 },
  invalidation: { run: invalidation, seconds: 40 },
  processes: { run: processes, seconds: 30 },
}
