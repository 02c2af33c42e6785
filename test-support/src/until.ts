import { setTimeout as pause } from 'node:timers/promises'

/** Asks again and again until the answer is true; an error counts as a no. */
export async function until(
  what: string,
  ask: () => Promise<boolean>,
  { timeoutMs = 15_000, everyMs = 20 } = {},
): Promise<void> {
  const deadline = performance.now() + timeoutMs
  let cause: unknown
  while (performance.now() < deadline) {
    try {
      if (await ask()) return
      cause = undefined
    } catch (error) {
      cause = error
    }
    await pause(everyMs)
  }
  throw new Error(`waited ${timeoutMs} ms for ${what}`, { cause })
}
