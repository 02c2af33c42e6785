/** What an arm's process is started with. */
export interface Start {
  readonly library: string
  readonly entries: number
  readonly url?: string
  /** Loads are counted in this Redis database, and are slow, instead of in the process. */
  readonly countsUrl?: string
}

/** What an arm's process is told once it has reported that it is open. It answers every order with a `Report`. */
export type Order =
  /** Reads every key, so many at a time, and checks every answer and the number of loads so far. */
  | { readonly do: 'verify'; readonly inFlight: number; readonly loads: number }
  | { readonly do: 'time'; readonly work: Work }
  /** Reads so often, and answers when that is done. */
  | { readonly do: 'repeat'; readonly inFlight: number; readonly times: number }
  /** Reads one key `times` times at once, when the clock says `at`, and checks every answer. */
  | { readonly do: 'rush'; readonly key: string; readonly times: number; readonly at: number }

/** What is timed. */
export interface Work {
  /** Reads in flight; 0: not awaited at all. */
  readonly inFlight: number
  /** Reads per sample. */
  readonly times: number
  /** Samples at least. */
  readonly samples: number
}

export interface Report {
  readonly error?: string
  /** Nanoseconds per read. */
  readonly ns?: number
}
