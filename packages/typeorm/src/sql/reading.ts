import type { Dialect } from './dialect.ts'

/** How a text is taken apart where that depends on a setting, a version, or on what nobody has written down. */
export interface Reading {
  /** A backslash in a string escapes what follows it. */
  readonly escapes: boolean
  /** What is in a comment of MySQL's own is executed: others, and other versions, skip it. */
  readonly executesComments: boolean
  /** A carriage return ends a comment of one line. */
  readonly endsAtReturn: boolean
  /** A space that ASCII does not have is a letter. */
  readonly hasOddLetters: boolean
}

/** A carriage return alone, behind what begins a comment. */
const RETURN = /(?:--|#)[^\n]*\r(?!\n|$)/
const ODD_SPACE = /[^\S\t-\r ]/

/** Every way in which a text may be read, the usual one first. What any of them finds counts. */
export function readingsOf(sql: string, { isMysql, isPostgres, isSpanner }: Dialect): readonly Reading[] {
  let readings: Reading[] = [{ escapes: isMysql || isSpanner, executesComments: isMysql, endsAtReturn: isPostgres, hasOddLetters: false }]
  const readBothWays = (name: keyof Reading): void => {
    readings = readings.flatMap((reading) => [reading, { ...reading, [name]: !reading[name] }])
  }
  if ((isMysql || isPostgres) && /\\["']/.test(sql)) readBothWays('escapes')
  if (isMysql && /\/\*M?!/.test(sql)) readBothWays('executesComments')
  if (RETURN.test(sql)) readBothWays('endsAtReturn')
  if (ODD_SPACE.test(sql)) readBothWays('hasOddLetters')
  return readings
}
