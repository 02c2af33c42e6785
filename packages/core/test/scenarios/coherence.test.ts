import { coherenceContract, SharedMemory } from '@stratacache/core/testing'
import { describe, expect, it } from 'vitest'

coherenceContract(
  'shared memory',
  async () => {
    const backend = new SharedMemory()
    return {
      tier: () => backend.tier(),
      close: async () => {},
      lose: async (what) => {
        if (what === 'everything') backend.flush()
        if (what === 'entries') backend.state.entries.clear()
        if (what === 'leases') backend.state.leases.clear()
        if (what === 'tags') backend.state.tags.clear()
        if (what === 'clock') backend.state.clock = 0
        if (what === 'log') {
          backend.state.log.length = 0
          backend.state.tail = undefined
        }
      },
    }
  },
  { describe, it, expect },
)
