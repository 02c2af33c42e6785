/** Something that runs `times` reads. */
export type Run = (times: number) => void | Promise<void>

/** Reads that are not awaited. */
export const inTurn = (read: () => unknown): Run => (times) => {
  for (let i = 0; i < times; i++) {
    if (read() === undefined) throw new Error('a read missed')
  }
}

/** Reads that are awaited one after the other. */
export const awaited = (read: () => unknown): Run => async (times) => {
  for (let i = 0; i < times; i++) {
    if ((await read()) === undefined) throw new Error('a read missed')
  }
}

/** Reads of which `count` are under way at any time: as many workers, each of which awaits one before the next. */
export const inFlight = (count: number, read: () => unknown): Run => async (times) => {
  let left = times
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      if ((await read()) === undefined) throw new Error('a read missed')
    }
  }
  await Promise.all(Array.from({ length: count }, worker))
}
