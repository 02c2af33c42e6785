/** What the arms cache: small objects. */
export interface User {
  readonly id: number
  readonly name: string
  readonly email: string
  readonly active: boolean
}

export const KEYS: readonly string[] = Array.from({ length: 10_000 }, (_, id) => `user:${id}`)

export const userOf = (key: string): User => {
  const id = Number(key.slice(5))
  return { id, name: `User ${id}`, email: `user${id}@example.com`, active: id % 2 === 0 }
}

/** An arm that answers wrong has no time to be compared. */
export function assertUser(key: string, answer: unknown): void {
  const user = answer as User | null | undefined
  const expected = userOf(key)
  if (user?.id !== expected.id || user.name !== expected.name || user.email !== expected.email || user.active !== expected.active) {
    throw new Error(`answered wrong for ${key}`)
  }
}

export function assertLoads(loads: number, expected: number): void {
  if (loads !== expected) throw new Error(`loaded ${loads} times instead of ${expected}`)
}
