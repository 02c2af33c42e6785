import { AsyncLocalStorage } from 'node:async_hooks'
import type { Channel } from 'node:diagnostics_channel'
import { createCache, loadChannel, type LoadMessage, tierChannel } from '@stratacache/core'
import { rest } from '@stratacache/core/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { Town } from './scenarios/town.ts'

let unsubscribe = (): void => {}
afterEach(() => unsubscribe())

/** What the channel of loads publishes, in order. */
function listen(): string[] {
  const told: string[] = []
  const tell =
    (name: string) =>
    ({ key, trigger, error }: LoadMessage): void =>
      void told.push([name, key, trigger, ...(error instanceof Error ? [error.message] : [])].join(' '))
  const subscribers = { start: tell('start'), end: tell('end'), asyncStart: tell('asyncStart'), asyncEnd: tell('asyncEnd'), error: tell('error') }
  loadChannel.subscribe(subscribers)
  unsubscribe = () => loadChannel.unsubscribe(subscribers)
  return told
}

describe('the tracing channels', () => {
  it('tell when a load begins and when it has ended, once, whatever its outcome', async () => {
    const cache = createCache()
    const told = listen()
    await cache.getOrSet('a', async () => 1)
    await cache.getOrSet('a', async () => 1)
    await cache.getOrSet('b', () => Promise.reject(new Error('down'))).catch(() => {})
    await rest()
    expect(told).toEqual([
      'start default:a miss',
      'end default:a miss',
      'asyncEnd default:a miss',
      'start default:b miss',
      'end default:b miss',
      'error default:b miss down',
      'asyncEnd default:b miss down',
    ])
  })

  it('carry the context of a subscriber into the loader, for each request its own', async () => {
    const span = new AsyncLocalStorage<string>()
    // Typed for stores that hold the message itself; any other is bound by what makes it of a message.
    const start = loadChannel.start as unknown as Channel<string, LoadMessage>
    start.bindStore(span, ((message: LoadMessage) => `load of ${message.key}`) as never)
    unsubscribe = () => start.unbindStore(span)
    const cache = createCache()
    const seen = await Promise.all(
      ['a', 'b'].map((key) =>
        cache.getOrSet(key, async () => {
          await rest()
          return span.getStore()
        }),
      ),
    )
    expect(seen).toEqual(['load of default:a', 'load of default:b'])
    expect(span.getStore()).toBeUndefined()
  })

  it('tell of round trips to the shared tier', async () => {
    await using town = new Town()
    const cache = await town.process()
    const operations: string[] = []
    const subscribers = { start: ({ operation }: { operation: string }) => void operations.push(operation), end() {}, asyncStart() {}, asyncEnd() {}, error() {} }
    tierChannel.subscribe(subscribers as never)
    unsubscribe = () => tierChannel.unsubscribe(subscribers as never)
    await cache.getOrSet('a', () => 1)
    await cache.delete('a')
    await rest()
    expect(operations).toEqual(['read', 'lease', 'fill', 'invalidate'])
  })

  it('say nothing of a memory hit', async () => {
    const cache = createCache()
    await cache.set('a', 1)
    const told = listen()
    await cache.getOrSet('a', () => 2)
    cache.getSync('a')
    expect(told).toEqual([])
  })
})
