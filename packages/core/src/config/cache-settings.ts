import type { CacheSettings, ShadowOptions } from '../options.ts'
import { count, duration, type FieldsOf, flag, fraction, listOf, object, required, text } from './shape.ts'

/** What is not data, concerns one call, or is said in another way: `read` and `write` by a name, `tiers` by their names. */
type NotLifted = 'name' | 'tiers' | 'read' | 'write' | 'version' | 'clock' | 'random'

/** The options of a cache that a configuration has as they are. */
export type LiftedSettings = Omit<CacheSettings, NotLifted>

type Breaker = NonNullable<CacheSettings['circuitBreaker']>

/** Their shapes. An option that is added to `CacheSettings` and is neither here nor among the others does not compile. */
export const liftedFields: FieldsOf<LiftedSettings> = {
  ttl: duration({ description: 'How long an entry is fresh. Default: until invalidated or evicted.' }),
  staleWhileRevalidate: duration({ default: 0, description: 'How long after ttl an entry is still served at once, while one background load refreshes it.' }),
  staleIfError: duration({ default: 0, description: 'How long after ttl an entry is still served when the loader fails or exceeds softTimeout.' }),
  negativeTtl: duration({ description: 'How long to remember that the source has nothing (the loader returned undefined). Default: not remembered.' }),
  jitter: fraction({ default: 0.1, description: 'The share of ttl over which expiry is spread, downwards.' }),
  tags: listOf(text(), { description: 'Names under which entries can be invalidated together with others.' }),
  tagsPrefix: text({ default: '', description: 'Put before every tag that the cache stores or invalidates.' }),
  softTimeout: duration({ description: 'With a stale value at hand: answer with it after this long; the load goes on. Default: wait.' }),
  hardTimeout: duration({ default: '10s', description: 'Give up waiting for a load: LoadTimeoutError.' }),
  maxUnsynced: duration({ default: '5s', description: "How long memory is served without word from the shared tier's log." }),
  unsyncedTtl: duration({ default: '1s', description: 'How long memory keeps what was loaded without a lease.' }),
  replicaLag: duration({
    default: 0,
    description: "How far loaders' reads may lag behind writes: fills stay refused for that long after an invalidation.",
  }),
  readOnly: flag({ default: false, description: 'Load and serve, but store nothing in any tier: a set invalidates instead.' }),
  shadow: object(
    {
      sample: required(fraction({ description: 'The share of reads.' })),
      grace: duration({ default: '1s', description: 'How long a value that differs has to stay in the cache to be a mismatch.' }),
    } satisfies FieldsOf<Omit<ShadowOptions, 'equals'>>,
    { description: 'Answer some reads from the source, to compare them with what the cache has. Default: none.' },
  ),
  circuitBreaker: object(
    {
      failures: count({ default: 3, description: 'Failures in a row after which the shared tier is not asked.' }),
      cooldown: duration({ default: '1s', description: 'How long it is not asked.' }),
    } satisfies FieldsOf<Breaker>,
    { default: {}, description: 'When to stop asking a failing shared tier. The caches of one shared tier have one; the first of them decides.' },
  ),
}
