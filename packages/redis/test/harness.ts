import type { SharedStore } from '@stratacache/core'
import type { SharedStoreHarness } from '../../core/testing/shared-store-contract.ts'
import { Keys } from '../src/keys.ts'
import { redis, type RedisOptions } from '../src/index.ts'

const keys = new Keys('strata')

/** The contract's harness over a client, and `del` and `flush` that go around the store. */
export function harnessOver(options: () => RedisOptions, backend: { atomic: boolean; del(key: string): Promise<unknown>; flush(): Promise<unknown> }): SharedStoreHarness {
  return {
    atomic: backend.atomic,
    open: async (): Promise<SharedStore> => redis(options()).open(),
    reset: async () => void (await backend.flush()),
    lose: async ({ entry, lease, tag, clock, log, tail }) => {
      const lost = [
        ...(entry === undefined ? [] : [keys.entry(entry)]),
        ...(lease === undefined ? [] : [keys.lease(lease)]),
        ...(tag === undefined ? [] : [keys.tag(tag)]),
        ...(clock ? [keys.clock] : []),
        ...(log ? [keys.log] : []),
        ...(tail ? [keys.tail] : []),
      ]
      for (const key of lost) await backend.del(key)
    },
  }
}
