/** What processes invalidate: each its own names, numbered in the order in which it invalidates them. */
export interface Name {
  readonly process: number
  readonly number: number
}

/** Names that stand for entries which every process has in memory. Those with higher numbers stand for nothing. */
export const STORED = 200

/** Of an entry's key. Every other entry is invalidated by a tag that is called like its key. */
export const nameText = ({ process, number }: Name): string => `name-${process}-${number}`
export const isTag = ({ number }: Name): boolean => number % 2 === 1

/** From the name of a key or tag in an event. */
export function parseName(text: string): Name | undefined {
  const [, process, number] = /name-(\d+)-(\d+)$/.exec(text) ?? []
  return process === undefined ? undefined : { process: Number(process), number: Number(number) }
}

/** Every stored name of so many processes. */
export const storedNames = (processes: number): Name[] =>
  Array.from({ length: processes * STORED }, (_, index) => ({ process: Math.floor(index / STORED), number: index % STORED }))
