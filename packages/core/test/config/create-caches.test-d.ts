import { type Caches, createCaches, tier, type TierKind } from '@stratacache/core'
import { count, type DataOf, duration, flag, listOf, object, oneOf, required, text } from '@stratacache/core/config'
import { expectTypeOf } from 'vitest'

/* What must compile, and what must not. Checked by `pnpm run check:types`. */

declare const disk: TierKind<{ readonly path: string; readonly size?: number | undefined }, 'disk'>

const caches = createCaches({
  defaults: { ttl: '5m', tiers: ['l1'] },
  tiers: { l1: { use: 'memory', maxEntries: 10 }, l2: { use: 'memory', maxBytes: '${BYTES:-1000}' } },
  caches: { users: { tiers: ['l1', 'l2'], read: 'refreshAhead' }, pages: { ttl: '${TTL}', read: { use: 'refreshAhead', at: 0.5 } } },
})
expectTypeOf(caches).toEqualTypeOf<Caches<'users' | 'pages'>>()
expectTypeOf(caches.names).toEqualTypeOf<readonly ('users' | 'pages')[]>()
caches.get('users')
// @ts-expect-error no such cache
caches.get('user')

// @ts-expect-error no such tier
createCaches({ tiers: { l1: { use: 'memory', maxEntries: 1 } }, caches: { a: { tiers: ['l2'] } } })
// @ts-expect-error no such tier, in the defaults
createCaches({ defaults: { tiers: ['l2'] }, tiers: { l1: { use: 'memory', maxEntries: 1 } }, caches: { a: {} } })
// @ts-expect-error no tiers at all
createCaches({ caches: { a: { tiers: ['l1'] } } })
// @ts-expect-error at least one
createCaches({ tiers: { l1: { use: 'memory', maxEntries: 1 } }, caches: { a: { tiers: [] } } })
// @ts-expect-error a memory tier needs a bound
createCaches({ tiers: { l1: { use: 'memory' } }, caches: { a: {} } })
// @ts-expect-error no such kind
createCaches({ tiers: { l1: { use: 'disk', path: '/' } }, caches: { a: {} } })
// @ts-expect-error no such option of a tier
createCaches({ tiers: { l1: { use: 'memory', maxEntries: 1, maxEntires: 1 } }, caches: { a: {} } })
// @ts-expect-error no such option of a cache
createCaches({ caches: { a: { ttll: '5m' } } })
// @ts-expect-error a duration needs a unit
createCaches({ caches: { a: { ttl: '5' } } })
// @ts-expect-error no such strategy
createCaches({ caches: { a: { read: 'refreshBehind' } } })
// @ts-expect-error an option of another strategy
createCaches({ caches: { a: { read: { use: 'refreshAhead', beta: 1 } } } })
// @ts-expect-error what concerns one call
createCaches({ caches: { a: { version: 1 } } })
// @ts-expect-error the name is the name
createCaches({ caches: { a: { name: 'b' } } })

// A registry adds kinds, with their options.
createCaches({ tiers: { l1: { use: 'disk', path: '/', size: '${SIZE}' } }, caches: { a: { tiers: ['l1'] } } }, { registry: [disk] })
// @ts-expect-error an option that this kind requires
createCaches({ tiers: { l1: { use: 'disk' } }, caches: { a: {} } }, { registry: [disk] })
// @ts-expect-error an option that this kind does not have
createCaches({ tiers: { l1: { use: 'disk', path: '/', maxEntries: 1 } }, caches: { a: {} } }, { registry: [disk] })
createCaches({ tiers: { l1: { use: 'memory', maxEntries: 1 }, l2: { use: 'disk', path: '/' } }, caches: { a: { tiers: ['l1', 'l2'] } } }, { registry: [disk] })

// A shape's type is that of its data.
const shape = object({ path: required(text()), ttl: duration(), mode: oneOf(['a', 'b']), names: listOf(text()), deep: object({ on: flag() }) })
expectTypeOf<DataOf<typeof shape>>().toExtend<{ readonly path: string; readonly mode?: 'a' | 'b' | undefined; readonly names?: readonly string[] | undefined }>()
expectTypeOf<{ path: string; deep: { on: boolean } }>().toExtend<DataOf<typeof shape>>()
// @ts-expect-error path is required
const incomplete: DataOf<typeof shape> = { ttl: '5m' }
void incomplete

// A kind whose shape is not that of its options does not compile.
const wrong: TierKind<{ readonly path: string }> = {
  kind: 'tier',
  use: 'wrong',
  // @ts-expect-error path is no number
  options: object({ path: required(count()) }),
  create: ({ path }) => tier({ name: path, get: () => undefined, set: () => {}, delete: () => {} }),
}
void wrong
