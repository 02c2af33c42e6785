import type { Codec } from './codec.ts'
import type { Engine } from './engine.ts'
import { type Entry, retainedUntil } from './entry.ts'
import type { Scope } from './scope.ts'
import type { SharedLink } from './shared-link.ts'

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
    const qualified = scope.qualify(key)
    const entry = this.#codec.encode(draft, qualified)
    const tags = [...scope.paths, ...draft.tags.map((tag) => scope.qualify(tag))]
    const ttlMs = Math.ceil(retainedUntil(draft) - draft.storedAt)
    const since = engine.since()
    try {
      const reply = await link.write({ key: qualified, entry, tags, ttlMs, version: draft.version, source: link.source })
      if (reply.status === 'stored') engine.keep(scope, key, { ...draft, asOf: reply.stamp }, since, false)
      else scope.view?.remove(key, 'replaced')
      return reply.status
    } catch {
      await engine.invalidate([qualified], [], false)
      engine.keep(scope, key, { ...draft, asOf: link.seen }, since, true)
      return 'queued'
    }
  }
}
