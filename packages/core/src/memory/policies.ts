import type { PolicyName } from '../tier.ts'
import { Adaptive } from './adaptive.ts'
import { Lru } from './lru.ts'
import type { EvictionPolicy, PolicySetting } from './policy.ts'
import { S3Fifo } from './s3fifo.ts'
import { Sieve } from './sieve.ts'
import { TinyLfu } from './tinylfu.ts'

export function createPolicy(name: PolicyName, setting: PolicySetting): EvictionPolicy {
  switch (name) {
    case 'lru':
      return new Lru()
    case 'sieve':
      return new Sieve()
    case 's3fifo':
      return new S3Fifo(setting)
    case 'tinylfu':
      return new TinyLfu(setting)
    case 'adaptive':
      return new Adaptive(setting)
  }
}
