import { AsyncLocalStorage } from 'node:async_hooks'
import type { LoadOptions } from '@stratacache/core'

/** What is asked of the queries that run in an asynchronous context. */
export interface QueryContext {
  /** Tags beside those of the tables. */
  readonly tags: readonly string[]
  readonly options?: LoadOptions | undefined
}

const contexts = new AsyncLocalStorage<QueryContext>()

export const currentContext = (): QueryContext | undefined => contexts.getStore()

/** Runs a function, and all that it leads to, in a context; the tags of one around it stay. */
export function inContext<R>({ tags, options }: QueryContext, run: () => R): R {
  const outer = contexts.getStore()
  return contexts.run({ tags: [...(outer?.tags ?? []), ...tags], options: options ?? outer?.options }, run)
}
