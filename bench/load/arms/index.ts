import type { Arm } from './arm.ts'
import { bentocache } from './bentocache.ts'
import { noCache } from './no-cache.ts'
import { stratacache } from './stratacache.ts'

const ARMS: readonly Arm[] = [noCache, stratacache, bentocache]

export function armOf(name: string): Arm {
  const found = ARMS.find((arm) => arm.name === name)
  if (found === undefined) throw new Error(`no arm is called ${name}`)
  return found
}
