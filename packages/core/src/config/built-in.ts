import { POLICIES } from '../options.ts'
import { cacheAside } from '../strategies/cache-aside.ts'
import { probabilisticRefresh, type ProbabilisticRefreshOptions } from '../strategies/probabilistic-refresh.ts'
import { refreshAhead, type RefreshAheadOptions } from '../strategies/refresh-ahead.ts'
import { memory, type MemoryOptions } from '../tier.ts'
import type { Kind, ReadKind, TierKind } from './kind.ts'
import { count, duration, factor, type FieldsOf, fraction, object, type ObjectShape, oneOf } from './shape.ts'
import { WRITE_BUILT_IN, type WriteBuiltIn } from './write-kinds.ts'

/* The kinds that are always there. A description says what the doc comment of the option says. */

/** Bounds that take the place of a tier's: any of them. */
export type MemoryChanges = { readonly [K in keyof MemoryOptions]?: MemoryOptions[K] | undefined }

/** Without defaults: where they take a tier's place, they leave the rest to it. */
const memoryFields = {
  maxEntries: count({ description: 'How many entries this tier holds at most. A memory tier needs this bound, maxBytes, or both.' }),
  maxBytes: count({ description: 'How many bytes this tier holds at most, as estimated.' }),
  ttl: duration({ description: 'The longest an entry stays fresh in this tier. Default: as long as the entry says.' }),
  policy: oneOf(POLICIES, { description: 'Which entry leaves first.' }),
  copy: oneOf(['none', 'clone', 'freeze'], {
    description: "What callers get: the stored object itself ('none'), a structured clone ('clone'), or the object deep-frozen ('freeze').",
  }),
} satisfies FieldsOf<MemoryOptions>

export const memoryChanges: ObjectShape<MemoryChanges> = object(memoryFields, {
  description: 'Takes the place of what the memory tier says, for this cache: each has a memory of its own.',
})

const memoryKind: TierKind<MemoryOptions, 'memory'> = {
  kind: 'tier',
  use: 'memory',
  options: object(
    { ...memoryFields, policy: { ...memoryFields.policy, default: 'adaptive' }, copy: { ...memoryFields.copy, default: 'none' } },
    { description: "The tier in this process's memory.", someOf: ['maxEntries', 'maxBytes'] },
  ),
  create: memory,
}

const cacheAsideKind: ReadKind<object, 'cacheAside'> = {
  kind: 'read',
  use: 'cacheAside',
  options: object({}, { description: 'Loads on a miss and lets a fresh hit be.' }),
  create: cacheAside,
}

const refreshAheadKind: ReadKind<RefreshAheadOptions, 'refreshAhead'> = {
  kind: 'read',
  use: 'refreshAhead',
  options: object(
    {
      at: fraction({ open: true, default: 0.8, description: 'The share of its ttl after which a hit refreshes an entry: above 0, below 1.' }),
    } satisfies FieldsOf<RefreshAheadOptions>,
    { description: "A hit late in an entry's life also loads it anew, in the background." },
  ),
  create: refreshAhead,
}

const probabilisticRefreshKind: ReadKind<ProbabilisticRefreshOptions, 'probabilisticRefresh'> = {
  kind: 'read',
  use: 'probabilisticRefresh',
  options: object(
    {
      beta: factor({
        default: 1,
        description: 'How early: above 1 earlier than what is optimal where loads take about as long as the last one, below 1 later.',
      }),
    } satisfies FieldsOf<ProbabilisticRefreshOptions>,
    { description: "A hit loads an entry anew with a probability that rises as the entry's end comes nearer (XFetch)." },
  ),
  create: probabilisticRefresh,
}

export type BuiltIn = WriteBuiltIn | typeof memoryKind | typeof cacheAsideKind | typeof refreshAheadKind | typeof probabilisticRefreshKind

export const BUILT_IN: readonly Kind[] = [memoryKind, cacheAsideKind, refreshAheadKind, probabilisticRefreshKind, ...WRITE_BUILT_IN]
