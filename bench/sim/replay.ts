import type { PolicyName } from '@stratacache/core'
import { mixed } from '../../packages/core/src/memory/hash.ts'
import { createPolicy } from '../../packages/core/src/memory/policies.ts'
import { seeded } from 'test-support'
import type { Workload } from './workloads.ts'

const ABSENT = -1

/** The hits of a cache of that capacity with a policy, which it uses as the memory tier does. */
export function hitsOf(name: PolicyName, { requests, keys }: Workload, capacity: number): number {
  const keyOf = new Uint32Array(capacity + 1)
  const policy = createPolicy(name, { maxEntries: capacity, random: seeded(42), hashOf: (slot) => mixed(keyOf[slot]!) })
  policy.grow(capacity + 1)
  const slots = new Int32Array(keys).fill(ABSENT)
  let [used, free, hits] = [0, 0, 0]
  for (const key of requests) {
    const slot = slots[key]!
    if (slot !== ABSENT) {
      hits++
      policy.onHit(slot)
      continue
    }
    slots[key] = free
    keyOf[free] = key
    policy.onInsert(free, policy.remembers ? mixed(key) : 0)
    if (used < capacity) {
      used++
      free = used
      continue
    }
    free = policy.victim()
    policy.onRemove(free)
    slots[keyOf[free]!] = ABSENT
  }
  return hits
}
