/** What a process does when it is told: by name, a function of at most one argument. */
export type Orders = Readonly<Record<string, (argument: never) => unknown>>

export interface Order {
  readonly id: number
  readonly name: string
  readonly argument: unknown
}

/** The answer to the order of this id; of 0: the process is open. */
export interface Answer {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}
