import type { SharedTier } from '@stratacache/core'
import type { CoherenceWorld } from '@stratacache/core/testing'
import type { Redis } from 'ioredis'
import { Keys } from '../src/keys.ts'

const keys = new Keys('strata')

/** A world over a backend that `nodes` give access to, and whose processes connect by `connect`. */
export function coherenceWorld(nodes: () => readonly Redis[], connect: () => Promise<{ tier: SharedTier; close(): unknown }>): () => Promise<CoherenceWorld> {
  return async () => {
    await Promise.all(nodes().map((node) => node.flushall()))
    // Connected beforehand: a process asks for its tier when it starts.
    const spare = await Promise.all(Array.from({ length: 6 }, connect))
    const used = [...spare]
    const lose = async (pattern: string): Promise<void> => {
      for (const node of nodes()) for (const key of await node.keys(pattern)) await node.del(key)
    }
    return {
      tier: () => spare.pop()!.tier,
      close: async () => {
        for (const { close } of used) await close()
      },
      lose: async (what) => {
        if (what === 'everything') await Promise.all(nodes().map((node) => node.flushall()))
        if (what === 'entries') await lose(keys.entry('*'))
        if (what === 'leases') await lose(keys.lease('*'))
        if (what === 'tags') await lose(keys.tag('*'))
        if (what === 'clock') await lose(keys.clock)
        if (what === 'log') await Promise.all([lose(keys.log), lose(keys.tail)])
      },
    }
  }
}
