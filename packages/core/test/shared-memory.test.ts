import { SharedMemory, sharedStoreContract } from '@stratacache/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let backend = new SharedMemory()

sharedStoreContract(
  'shared memory',
  {
    atomic: true,
    open: async () => backend.open(),
    reset: async () => void (backend = new SharedMemory()),
    lose: async ({ entry, lease, tag, clock, log, tail }) => {
      const { state } = backend
      if (entry !== undefined) state.entries.delete(entry)
      if (lease !== undefined) state.leases.delete(lease)
      if (tag !== undefined) state.tags.delete(tag)
      if (clock) state.clock = 0
      if (log) state.log.length = 0
      if (tail) state.tail = undefined
    },
  },
  { describe, it, beforeEach, afterEach, expect },
)
