import type { Orders } from './message.ts'
import { Peer } from './peer.ts'

/** Starts a process for each of `starts`, hands them to the stack, and resolves when all are open. */
export async function startPeers<O extends Orders>(stack: AsyncDisposableStack, module: URL, starts: readonly unknown[]): Promise<Peer<O>[]> {
  const peers = starts.map((start) => stack.use(new Peer<O>(module, start)))
  await Promise.all(peers.map((peer) => peer.opened))
  return peers
}
