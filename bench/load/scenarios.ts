import { BENTOCACHE, NO_CACHE, STRATACACHE } from './arms/names.ts'
import type { Scenario } from './scenario.ts'

const BOTH = [NO_CACHE, STRATACACHE]
const ALL = [...BOTH, BENTOCACHE]

const DEFAULTS = { query: 'page', writes: 0, memory: 10_000, redisDelay: 0, warmUp: 1_500, measured: 4_000, firstSecond: false, arms: BOTH } as const

export const SCENARIOS: readonly Scenario[] = [
  {
    ...DEFAULTS,
    name: 'popular reads',
    about: 'Product pages by popularity (zipf 1.0 over 2,000), a little faster than the database alone can answer. This flatters a cache.',
    arrivals: { kind: 'independent', share: 1.2 },
    keys: { kind: 'zipf', count: 2_000, skew: 1 },
    arms: ALL,
  },
  {
    ...DEFAULTS,
    name: 'no reuse',
    about: 'Every product page is asked for once, at a rate that suits the database. No cache can answer any of it: what it costs is all that is seen.',
    arrivals: { kind: 'independent', share: 0.4 },
    keys: { kind: 'once' },
  },
  {
    ...DEFAULTS,
    name: 'tiny values',
    about: 'Rows of 60 bytes by primary key (zipf 0.9 over 10,000), the cheapest query there is: little can be saved.',
    query: 'row',
    arrivals: { kind: 'independent', share: 0.5 },
    keys: { kind: 'zipf', count: 10_000, skew: 0.9 },
  },
  {
    ...DEFAULTS,
    name: 'huge values',
    about: 'Documents of 200 kB (zipf 0.8 over 200), of which memory holds a quarter: a read that has to ask Redis moves, copies and parses all of it.',
    query: 'document',
    arrivals: { kind: 'independent', share: 0.6 },
    keys: { kind: 'zipf', count: 200, skew: 0.8 },
    memory: 50,
  },
  {
    ...DEFAULTS,
    name: 'write-heavy',
    about: 'Product pages by popularity (zipf 1.0 over 2,000), but half of the requests change the product and invalidate its page after the commit.',
    arrivals: { kind: 'independent', share: 0.8 },
    keys: { kind: 'zipf', count: 2_000, skew: 1 },
    writes: 0.5,
    arms: ALL,
  },
  {
    ...DEFAULTS,
    name: 'cold start',
    about: 'As many popular product pages as the database alone can answer, while memory and Redis are empty. Nothing is left out for warming up.',
    arrivals: { kind: 'independent', share: 1 },
    keys: { kind: 'zipf', count: 2_000, skew: 1 },
    warmUp: 0,
    measured: 5_000,
    firstSecond: true,
  },
  {
    ...DEFAULTS,
    name: 'thundering herd',
    about: '300 requests for one product page that no tier has arrive at the same instant, twice a second, each time for another page.',
    arrivals: { kind: 'herds', size: 300, every: 500 },
    keys: { kind: 'once' },
    arms: ALL,
  },
  {
    ...DEFAULTS,
    name: 'Redis 5 ms away',
    about: 'Product pages with less skew (zipf 0.7 over 2,000), of which memory holds a tenth, and every round trip to Redis takes 5 ms longer: more than the query, at a rate that suits the database. A miss makes more than one.',
    arrivals: { kind: 'independent', share: 0.6 },
    keys: { kind: 'zipf', count: 2_000, skew: 0.7 },
    memory: 200,
    redisDelay: 5,
    arms: ALL,
  },
]
