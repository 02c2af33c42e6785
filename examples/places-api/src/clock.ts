/** Milliseconds on the machine's monotonic clock: unlike `performance.now()` the same in every process. */
export const now = (): number => Number(process.hrtime.bigint()) / 1e6

export const msSince = (start: number): number => now() - start
