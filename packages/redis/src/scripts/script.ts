import { createHash } from 'node:crypto'

/** A Lua script, sent by its hash. */
export interface Script {
  readonly sha: string
  readonly source: string
}

/** Joins the Lua functions a script needs with its body. */
export function script(...parts: readonly string[]): Script {
  const source = parts.join('\n')
  return { source, sha: createHash('sha1').update(source).digest('hex') }
}
