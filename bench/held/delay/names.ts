/** The entry with a number. Every other one is invalidated by a tag that is called like its key. */
export const nameOf = (number: number): string => `name-${number}`
export const isTag = (number: number): boolean => number % 2 === 1

/** From the name of a key or tag in an event. */
export function numberOf(text: string): number | undefined {
  const [, number] = /name-(\d+)$/.exec(text) ?? []
  return number === undefined ? undefined : Number(number)
}
