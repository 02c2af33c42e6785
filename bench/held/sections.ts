import { away } from './away/away.ts'
import { back } from './back/back.ts'
import { delay } from './delay/delay.ts'
import { heldMemory } from './memory/memory.ts'
import type { Section } from './results.ts'
import { slow } from './slow/slow.ts'

/** By name, in the order of the findings. Each takes about so many seconds, or as long as is good for it. */
export const SECTIONS: Readonly<Record<string, (seconds?: number) => Promise<Section>>> = { away, slow, back, delay, memory: heldMemory }
