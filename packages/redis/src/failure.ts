import { TierError } from '@stratacache/core'

/** How the tier is called in errors and events. */
export const TIER_NAME = 'redis'

/** An error of this tier. Messages name what was done and what the server or system called its failure, no more. */
export function failure(what: string, cause?: unknown): TierError {
  if (cause === undefined) return new TierError(TIER_NAME, what)
  return new TierError(TIER_NAME, `${what} (${kindOf(cause)})`, { cause: withoutArguments(cause) })
}

/** An error of ours as it is, anything else wrapped. */
export function asFailure(what: string, error: unknown): TierError {
  return error instanceof TierError ? error : failure(what, error)
}

/** The first word of a server's error, such as `READONLY`; the code of a system's, such as `ECONNREFUSED`. */
function kindOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown'
  const reply = /^[A-Z][A-Z]+(?= |$)/.exec(cause.message)
  if (reply !== null) return reply[0]
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name
}

/** ioredis hangs the command on its errors, with cached values among the arguments. */
function withoutArguments(cause: unknown): unknown {
  if (cause instanceof Error && 'command' in cause) delete cause.command
  return cause
}
