import { TierError } from '@stratacache/core'
import { RefusedError } from '@stratacache/core/shared'

/** How the tier is called in errors and events. */
export const TIER_NAME = 'redis'

/** What a node answers that serves nobody now, or not us, or that is no master any more: what it holds may be behind. */
const UNAVAILABLE = /^(BUSY|CLUSTERDOWN|LOADING|MASTERDOWN|NOAUTH|READONLY|WRONGPASS)$/

/** An error of this tier. Messages name what was done and what the server or system called its failure, no more. */
export function failure(what: string, cause?: unknown): TierError {
  return new TierError(TIER_NAME, ...described(what, cause))
}

/** The server is there, and will not do what it was asked. */
export function refusal(what: string, cause?: unknown): TierError {
  return new RefusedError(TIER_NAME, ...described(what, cause))
}

/** An error of ours as it is, anything else wrapped: what a server answers that is there as a refusal. */
export function asFailure(what: string, error: unknown): TierError {
  if (error instanceof TierError) return error
  const reply = replyOf(error)
  return reply === undefined || UNAVAILABLE.test(reply) ? failure(what, error) : refusal(what, error)
}

function described(what: string, cause: unknown): [message: string, options?: ErrorOptions] {
  return cause === undefined ? [what] : [`${what} (${kindOf(cause)})`, { cause: withoutArguments(cause) }]
}

/** The first word of a server's error, such as `READONLY`; the code of a system's, such as `ECONNREFUSED`. */
function kindOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown'
  return replyOf(cause) ?? ('code' in cause && typeof cause.code === 'string' ? cause.code : cause.name)
}

/** Before version 7 a script's errors begin with `ERR` and hold those of its commands: `ERR Error running script ...: -OOM command`. */
function replyOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const [, code, inner] = /^([A-Z]{2,})(?= |$)(?:.* -([A-Z]{2,}) )?/.exec(error.message) ?? []
  return inner ?? code
}

/** ioredis hangs the command on its errors, with cached values among the arguments. */
function withoutArguments(cause: unknown): unknown {
  if (cause instanceof Error && 'command' in cause) delete cause.command
  return cause
}
