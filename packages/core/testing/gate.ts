/** A point in a test's loader where it waits until the test lets it go on. */
export interface LoaderGate {
  /** Resolves when somebody waits. */
  readonly reached: Promise<void>
  pass(): Promise<void>
  open(): void
}

export function gate(): LoaderGate {
  let reach!: () => void
  let open!: () => void
  const reached = new Promise<void>((resolve) => (reach = resolve))
  const opened = new Promise<void>((resolve) => (open = resolve))
  return {
    reached,
    open,
    pass: () => {
      reach()
      return opened
    },
  }
}
