import type { SharedConnection } from './engine.ts'
import { Follower } from './follower.ts'
import { Invalidator } from './invalidator.ts'
import { type LinkOptions, SharedLink } from './shared-link.ts'
import type { SharedTier } from './tier.ts'

interface Opened {
  users: number
  connection: Omit<SharedConnection, 'release'>
  close(): Promise<void>
}

/** Tiers that are open in this process: caches that are given the same tier object share one link and one follower. */
const opened = new WeakMap<SharedTier, Opened>()

/** Opens a shared tier, or joins those who have it open. The first to open it decides the options of its link. */
export function openSharedTier(tier: SharedTier, options: LinkOptions): SharedConnection {
  const open = opened.get(tier) ?? connect(tier, options)
  opened.set(tier, open)
  open.users++
  let released = false
  return {
    ...open.connection,
    release: async () => {
      if (released) return
      released = true
      if (--open.users > 0) return
      opened.delete(tier)
      await open.close()
    },
  }
}

function connect(tier: SharedTier, options: LinkOptions): Opened {
  const store = tier.open()
  const link = new SharedLink(store, options)
  const invalidator = new Invalidator(link, options.breakerCooldown)
  const ready = new Promise<void>((resolve) => {
    const stop = link.listen({
      onRecord: () => {},
      onGap: () => {},
      onState: () => {},
      onInStep: () => {
        stop()
        resolve()
      },
    })
  })
  const follower = new Follower(link, (stamp) => invalidator.repair(stamp), () => invalidator.wake())
  follower.start()
  return {
    users: 0,
    connection: { tier, link, invalidator, ready },
    close: async () => {
      if (!link.outbox.empty) await invalidator.replay()
      invalidator.close()
      await follower.stop()
      await store.close()
    },
  }
}
