/**
 * Microseconds on the system's monotonic clock, which all processes of a machine share. Not `performance.now()`, which
 * counts from the start of each process: what two processes say has to be comparable to the microsecond.
 */
export const monotonic = (): number => Number(process.hrtime.bigint()) / 1e3
