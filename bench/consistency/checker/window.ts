/** A time during which something was broken on purpose. In µs of `monotonic()`. */
export interface FaultWindow {
  readonly name: string
  readonly begin: number
  readonly end: number
  /** The shared tier was taken back to an earlier state: repaired within a bound, not prevented (G5). */
  readonly takesBack: boolean
}
