import { createCache, type LeaseReply, type LeaseRequest, memory, type SharedStore, type SharedTier } from '@stratacache/core'
import { sharedTier } from '@stratacache/core/shared'
import { redis } from '@stratacache/redis'
import { type Flight, Flights } from '../../../packages/core/src/single-flight.ts'
import { connect } from './connect.ts'
import { SETTINGS, STORE, stratacache, subjectOf } from './stratacache.ts'
import { type Library, MEMORY_ENTRIES } from './subject.ts'

/*
 * stratacache with one of its mechanisms taken out. A checker that finds nothing wrong with these has found nothing out
 * about the whole one.
 */

const LONG_TTL_MS = 30_000

export const sabotaged: readonly Library[] = [
  broken('without leases', (store) => {
    const takeOver = async (request: LeaseRequest): Promise<LeaseReply> => {
      const [reply] = await store.lease([request])
      return reply!.status === 'held' ? takeOver({ ...request, replaces: reply!.token }) : reply!
    }
    return {
      // Whoever asks is given one, and whatever became of it, it may be used.
      lease: (requests) => Promise.all(requests.map(takeOver)),
      async fill(fill) {
        const token = `${fill.token}*`
        await takeOver({ key: fill.key, token, ttlMs: 1_000, seen: Number.MAX_SAFE_INTEGER })
        return store.fill({ ...fill, token })
      },
    }
  }),
  broken('without stamps', (store) => ({
    async read(request) {
      const { tags, ...reply } = await store.read(request)
      return { ...reply, tags: tags.map(() => ({ hard: 0, soft: 0 })) }
    },
    fill: (fill) => store.fill({ ...fill, tags: [] }),
  })),
  broken('without leases of writes', (store) => ({
    // What was written to the source is stored whatever happened since.
    async writeLeased({ token: _token, asOf: _asOf, ...write }) {
      const reply = await store.write({ ...write, version: undefined })
      return reply.status === 'stored' ? reply : undefined
    },
  })),
  broken('without gap detection', (store) => ({
    async openLog() {
      const log = await store.openLog()
      return {
        start: () => log.start(),
        close: () => log.close(),
        async read(after, waitMs) {
          const batch = await log.read(after, waitMs)
          let prev = after
          const records = batch.records.map((record) => {
            const seamless = { ...record, prev }
            prev = record.stamp
            return seamless
          })
          return { ...batch, records }
        },
      }
    },
  })),
  {
    ...broken('without fences', () => ({})),
    open(...settings) {
      withoutFences(Flights.prototype)
      return stratacache.open(...settings)
    },
  },
]

function broken(how: string, change: (store: SharedStore) => Partial<SharedStore>): Library {
  return {
    ...stratacache,
    name: `stratacache ${how}`,
    async open(place, hasMemory, random, witness) {
      const connection = connect(place)
      const whole: SharedTier = redis({ ...connection.options, ...STORE })
      const shared = sharedTier({ name: 'redis', serializer: whole.serializer, open: () => changed(whole.open(), change) })
      // Entries that end by themselves would hide what was missed.
      const cache = createCache({ ...SETTINGS, ttl: LONG_TTL_MS, tiers: hasMemory ? [memory({ maxEntries: MEMORY_ENTRIES }), shared] : [shared], random })
      await cache.ready()
      return subjectOf(cache, connection.close, witness)
    },
  }
}

function changed(store: SharedStore, change: (store: SharedStore) => Partial<SharedStore>): SharedStore {
  const changes = change(store)
  return new Proxy(store, {
    get(target, name) {
      const value = (changes as Record<PropertyKey, unknown>)[name] ?? Reflect.get(target, name, target)
      return typeof value === 'function' && !(name in changes) ? (value as (...args: unknown[]) => unknown).bind(target) : value
    },
  })
}

/** Every load that is under way is joined, whatever was invalidated since it began. */
function withoutFences(flights: Flights): void {
  const underWay = new WeakMap<Flights, Map<string, Flight>>()
  const open = Reflect.get(flights, 'open') as Flights['open']
  const end = Reflect.get(flights, 'end') as Flights['end']
  flights.fence = () => {}
  flights.fenceAll = () => {}
  flights.open = function (this: Flights, key, ...rest) {
    const flight = open.call(this, key, ...rest)
    underWay.set(this, (underWay.get(this) ?? new Map<string, Flight>()).set(key, flight))
    return flight
  }
  flights.joinable = function (this: Flights, key, _epoch, refresh) {
    const flight = underWay.get(this)?.get(key)
    return refresh && !flight?.refresh ? undefined : flight
  }
  flights.end = function (this: Flights, flight) {
    if (underWay.get(this)?.get(flight.key) === flight) underWay.get(this)!.delete(flight.key)
    end.call(this, flight)
  }
}
