/** Something that does `times` reads. */
export type Run = (times: number) => void | Promise<void>

/** @param index of the key among all */
type Read = (key: string, index: number) => unknown

/** Reads that are not awaited. */
export function inTurn(keys: readonly string[], read: Read): Run {
  let next = 0
  return (times) => {
    for (let i = 0; i < times; i++) {
      if (read(keys[next]!, next) === undefined) throw new Error('a read missed')
      next = next + 1 === keys.length ? 0 : next + 1
    }
  }
}

/** Reads that are awaited one after the other. */
export function awaited(keys: readonly string[], read: Read): Run {
  let next = 0
  return async (times) => {
    for (let i = 0; i < times; i++) {
      if ((await read(keys[next]!, next)) === undefined) throw new Error('a read missed')
      next = next + 1 === keys.length ? 0 : next + 1
    }
  }
}

/** Reads of which `count` are under way at any time: as many workers, each of which awaits one before the next. */
export function inFlight(count: number, keys: readonly string[], read: Read): Run {
  let next = 0
  return async (times) => {
    let left = times
    const worker = async (): Promise<void> => {
      while (left-- > 0) {
        const index = next
        next = next + 1 === keys.length ? 0 : next + 1
        if ((await read(keys[index]!, index)) === undefined) throw new Error('a read missed')
      }
    }
    await Promise.all(Array.from({ length: count }, worker))
  }
}
