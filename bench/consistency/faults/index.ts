import { failoverFaults } from './failover.ts'
import type { Fault } from './fault.ts'
import { memoryFaults } from './memory.ts'
import { networkFaults } from './network.ts'
import { recordFaults } from './records.ts'
import { serverFaults } from './server.ts'
import { slotFaults } from './slots.ts'
import { workerFaults } from './workers.ts'

/** All there are. Each only runs on the topology it names. */
export const FAULTS = [...serverFaults, ...recordFaults, ...memoryFaults, ...networkFaults, ...workerFaults, ...failoverFaults, ...slotFaults] as unknown as readonly Fault[]
