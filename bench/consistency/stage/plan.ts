import type { Fault } from '../faults/fault.ts'
import { FAULTS } from '../faults/index.ts'
import { stratacache } from '../subjects/stratacache.ts'
import type { Topology } from './backend.ts'

/** One scene to be played, its share of the time, and by whom. */
export interface Planned {
  readonly library: string
  readonly scene: string
  readonly topology: Topology
  readonly faults: readonly Fault[]
  readonly share: number
}

const TOPOLOGIES: readonly Topology[] = ['single', 'sentinel', 'cluster']
const MIXED_SHARE = 4
/** The name of the scene in which every fault of a topology happens. */
const TOGETHER = 'all together'

/** Every fault alone, none at all, and all of a topology together; or those of these names. */
export function ownScenes(names: readonly string[] | undefined, library: string = stratacache.name): Planned[] {
  const undisturbed: Planned = { library, scene: 'none', topology: 'single', faults: [], share: MIXED_SHARE }
  const alone = FAULTS.map((fault): Planned => ({ library, scene: fault.name, topology: fault.topology, faults: [fault], share: 1 }))
  const mixed = TOPOLOGIES.map((topology): Planned => {
    const faults = FAULTS.filter((fault) => fault.topology === topology)
    return { library, scene: TOGETHER, topology, faults, share: topology === 'single' ? 3 * MIXED_SHARE : MIXED_SHARE }
  })
  return [undisturbed, ...alone, ...mixed].filter(({ scene }) => names === undefined || names.includes(scene))
}

/** Others are only played where there is one server. */
export function rivalScenes(library: string, names: readonly string[] | undefined): Planned[] {
  return ownScenes(names, library).filter(({ topology }) => topology === 'single').map((scene) => ({ ...scene, share: 1 }))
}

/** @throws for a name that no fault has. */
export function assertFaults(names: readonly string[]): void {
  const known = ['none', ...FAULTS.map((fault) => fault.name), TOGETHER]
  for (const name of names) if (!known.includes(name)) throw new Error(`--fault takes some of: ${known.join(', ')}; not '${name}'`)
}
