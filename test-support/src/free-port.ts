import { once } from 'node:events'
import { createServer } from 'node:net'

export const host = '127.0.0.1'

/**
 * Below the ports a system hands to outgoing connections: there, a client that reconnects to a
 * stopped server can take the server's port, or even connect to itself.
 */
const range = { from: 15_000, to: 32_000 }
const attempts = 10

/** Starts something on a port that seems free, and again on another when it was taken meanwhile. */
export async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const port = range.from + Math.floor(Math.random() * (range.to - range.from))
    try {
      await probe(port)
      return await start(port)
    } catch (error) {
      if (!isPortTaken(error) || attempt === attempts) throw error
    }
  }
}

async function probe(port: number): Promise<void> {
  const server = createServer().listen(port, host)
  await once(server, 'listening')
  server.close()
  await once(server, 'close')
}

function isPortTaken(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return /EADDRINUSE|address already in use/i.test(error.message)
}
