import { Codec } from './codec.ts'
import { registerConnector, type SharedConnection } from './connectors.ts'
import { ended } from './deadline.ts'
import type { Encoding } from './encoding.ts'
import type { Engine, SharedEnd } from './engine.ts'
import { Follower } from './follower.ts'
import { Invalidator } from './invalidator.ts'
import { PermitOffice } from './permit.ts'
import { type LinkListener, type LinkOptions, SharedLink } from './shared-link.ts'
import { TierJournal } from './shared-journal.ts'
import { SharedReader } from './shared-read.ts'
import { explainShared } from './shared-explain.ts'
import type { SharedStore } from './shared-store.ts'
import { SharedWriter } from './shared-write.ts'
import type { SharedTier } from './tier.ts'

/** What makes a shared tier of a store. */
export interface SharedTierDefinition extends Encoding {
  /** Shown in stats and events. */
  readonly name: string
  /** Opens the store. Called when the first cache uses the tier, and again after the last one was closed. */
  open(): SharedStore
}

interface Open extends Omit<SharedEnd, 'release'> {
  users: number
  close(): Promise<void>
}

/**
 * A shared tier over a store of your own. Caches that are given the same tier share one link and one follower; the
 * first of them decides the options of the link.
 */
export function sharedTier(definition: SharedTierDefinition): SharedTier {
  const { name, serializer } = definition
  const tier: SharedTier = { kind: 'shared', name, serializer, open: () => definition.open() }
  const codec = new Codec(definition)
  let opened: Open | undefined
  registerConnector(tier, (options): SharedConnection => {
    const link = (opened ??= openLink(tier.open(), options))
    link.users++
    let stopListening = (): void => {}
    const released = Promise.withResolvers<never>()
    const ready = Promise.race([link.ready, released.promise])
    // Most do not wait for it.
    ready.catch(() => {})
    return {
      ...link,
      ready,
      release: once(async (reason) => {
        released.reject(reason)
        stopListening()
        if (--link.users > 0) return
        opened = undefined
        await link.close()
      }),
      attach: (engine) => {
        stopListening = link.link.listen(listenerFor(engine))
        const reader = new SharedReader(engine, link.link, codec)
        const journal = link.link.store.journal?.()
        return {
          reader,
          permits: new PermitOffice(engine, reader, codec),
          writer: new SharedWriter(engine, link.link, codec),
          explain: (scope, key) => explainShared(engine, scope, key, reader),
          journal: journal && new TierJournal(link.link, journal, codec),
        }
      },
    }
  })
  return tier
}

function openLink(store: SharedStore, options: LinkOptions): Open {
  const link = new SharedLink(store, options)
  const invalidator = new Invalidator(link, options.breakerCooldown)
  const follower = new Follower(link, (stamp) => invalidator.repair(stamp), () => invalidator.wake())
  const ready = firstInStep(link)
  follower.start()
  return {
    users: 0,
    link,
    invalidator,
    ready,
    close: async () => {
      await invalidator.close()
      await Promise.all([follower.stop(), ended(link.clock, store.commandTimeout, () => store.close())])
      link.close()
    },
  }
}

const listenerFor = (engine: Engine): LinkListener => ({
  onRecord: (record, origin) => engine.onRecord(record, origin),
  onGap: () => engine.onGap(),
  onInStep: (time) => engine.onInStep(time),
  onEvent: (event, message) => engine.emitter.emit(event, message),
})

function firstInStep(link: SharedLink): Promise<void> {
  return new Promise((resolve) => {
    const stop = link.listen({
      onRecord: () => {},
      onGap: () => {},
      onEvent: () => {},
      onInStep: () => {
        stop()
        resolve()
      },
    })
  })
}

function once(action: (reason: Error) => Promise<void>): (reason: Error) => Promise<void> {
  let done: Promise<void> | undefined
  return (reason) => (done ??= action(reason))
}
