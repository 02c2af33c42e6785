/** A promise about a measured number. */
export interface Target {
  readonly text: string
  readonly measured: number
  readonly rule: 'at most' | 'at least'
  readonly limit: number
  /** Behind the numbers: ` ×`, ` bytes`. */
  readonly unit: string
}

export const isMet = ({ measured, rule, limit }: Target): boolean => (rule === 'at most' ? measured <= limit : measured >= limit)
