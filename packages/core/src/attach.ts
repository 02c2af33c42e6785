import type { Engine } from './engine.ts'
import { warn } from './error.ts'
import type { InvalidationResult, InvalidationSink, InvalidationSource, SourceTarget } from './invalidation.ts'

type Invalidate = (target: SourceTarget) => Promise<InvalidationResult>

/** Starts a source of invalidations. Returns what stops it; closing the cache does so too. */
export function attach(engine: Engine, source: InvalidationSource, invalidate: Invalidate): () => Promise<void> {
  engine.assertOpen()
  let isAttached = true
  const detach = async (): Promise<void> => {
    if (!isAttached) return
    isAttached = false
    forget()
    await source.stop()
  }
  const forget = engine.onClose(detach)
  const failed = (error: unknown): void => {
    if (engine.emitter.hears('sourceError')) engine.emitter.emit('sourceError', { source: source.name, error })
    else warn(`the invalidation source '${source.name}'`, error)
  }
  const sink: InvalidationSink = {
    failed,
    invalidate: (target) => {
      const done = invalidate(target)
      // A source that does not wait for it must not take the process down when the cache is closed.
      done.catch(failed)
      return done
    },
  }
  const start = async (): Promise<void> => source.start(sink)
  start().catch(failed)
  return detach
}
