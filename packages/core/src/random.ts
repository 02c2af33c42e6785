import { randomUUID } from 'node:crypto'

/** A source of randomness in [0, 1), as `Math.random`. Injected, so that tests repeat. */
export type Random = () => number

/** An identifier that no other process draws: names this process in the log and its leases. */
export const uniqueId = (): string => randomUUID().replaceAll('-', '').slice(0, 20)
