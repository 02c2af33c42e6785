import type { Codec } from './codec.ts'
import type { Engine, Since } from './engine.ts'
import type { Entry } from './entry.ts'
import { SerializationError } from './error.ts'
import type { Scope } from './scope.ts'
import type { SharedLink } from './shared-link.ts'
import { storable } from './storable.ts'

/** A key's lease, held while its source is written. */
export interface WriteLease {
  readonly token: string
  readonly asOf: number
  /** Of the entry whose place the value takes. */
  readonly version: bigint | undefined
}

/** Explicit writes to the shared tier, which orders them (rule 9). */
export class SharedWriter {
  readonly #engine: Engine
  readonly #link: SharedLink
  readonly #codec: Codec

  constructor(engine: Engine, link: SharedLink, codec: Codec) {
    this.#engine = engine
    this.#link = link
    this.#codec = codec
  }

  /** @throws SerializationError when the value cannot be represented. */
  async write(scope: Scope, key: string, draft: Entry): Promise<'stored' | 'superseded' | 'queued'> {
    const link = this.#link
    const engine = this.#engine
    const entry = storable(this.#codec, scope, key, draft)
    const since = engine.since()
    try {
      const reply = await link.write({ ...entry, version: draft.version, source: link.source })
      if (reply.status === 'stored') engine.keep(scope, key, { ...draft, asOf: reply.stamp }, since, false)
      else scope.view?.remove(key, 'replaced')
      return reply.status
    } catch {
      await engine.invalidate([entry.key], [], false)
      engine.keep(scope, key, { ...draft, asOf: link.seen }, since, true)
      return 'queued'
    }
  }

  /**
   * To be called before the source is written. `undefined` where somebody else holds the lease, or the tier is away: what
   * the write comes to cannot be stored then.
   */
  async begin(scope: Scope, key: string): Promise<WriteLease | undefined> {
    const { store } = this.#link
    const token = this.#link.nextToken()
    try {
      // Whatever is stored is about to be outdated.
      const reply = await this.#link.lease({ key: scope.qualify(key), token, ttlMs: store.leaseTtl, seen: Number.MAX_SAFE_INTEGER })
      return reply.status === 'granted' ? { token, asOf: reply.asOf, version: reply.version } : undefined
    } catch {
      return undefined
    }
  }

  /** Nothing was written. */
  giveUp(scope: Scope, key: string, { token }: WriteLease): void {
    this.#link.release(scope.qualify(key), token)
  }

  /** Stores what the source holds now, if the lease still stands and no tag is newer. */
  async finish(scope: Scope, key: string, { token, asOf, version }: WriteLease, draft: Entry, since: Since): Promise<'stored' | 'superseded' | 'refused'> {
    if (version !== undefined && draft.version !== undefined && draft.version <= version) {
      this.#link.release(scope.qualify(key), token)
      return 'superseded'
    }
    const entry = { ...draft, asOf, version: draft.version ?? version }
    try {
      if (!(await this.#link.writeLeased({ ...storable(this.#codec, scope, key, entry), token, asOf }))) return 'refused'
    } catch (error) {
      if (error instanceof SerializationError) this.#engine.emitter.emit('corrupt', { key, tier: this.#link.name, error })
      return 'refused'
    }
    this.#engine.keep(scope, key, entry, since, false)
    return 'stored'
  }
}
