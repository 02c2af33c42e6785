/** Milliseconds. */
export interface Settings {
  readonly maxUnsynced: number
  readonly unsyncedTtl: number
  readonly cooldown: number
  readonly commandTimeout: number
  readonly heartbeat: number
}

const DEFAULTS: Settings = { maxUnsynced: 5_000, unsyncedTtl: 1_000, cooldown: 1_000, commandTimeout: 500, heartbeat: 1_000 }
/** A heartbeat below 200 ms would be missed by a busy machine. */
const SMALLEST_SHARE = 0.2

/** The defaults, all of them shorter by the same factor where a phase is shorter than `maxUnsynced`. */
export function settingsFor(phaseMs: number): Settings {
  const share = Math.min(1, Math.max(SMALLEST_SHARE, phaseMs / DEFAULTS.maxUnsynced))
  return Object.fromEntries(Object.entries(DEFAULTS).map(([name, ms]) => [name, Math.round(ms * share)])) as unknown as Settings
}
