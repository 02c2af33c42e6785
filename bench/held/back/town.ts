import { setTimeout as delay } from 'node:timers/promises'
import type { RedisServer } from 'test-support'
import type { Outage } from '../outages.ts'
import { monotonic } from '../../src/process/monotonic.ts'
import type { Peer } from '../../src/process/peer.ts'
import { startPeers } from '../../src/process/peers.ts'
import { STORED } from './names.ts'
import { isInOrder } from './order.ts'
import type { BackOrders, BackStart } from './process.ts'

export const PROCESSES = 4
/** The last process only listens. */
export const QUEUERS = PROCESSES - 1

export interface Round {
  readonly outage: string
  readonly awayMs: number
  /** Milliseconds from the return of Redis until each process was in step. */
  readonly inStep: readonly number[]
  /** Of the log, since the fill. */
  readonly records: number
  readonly isInOrder: boolean
  /** By all processes, of all entries. */
  readonly loads: number
}

/** Processes that share a Redis which comes and goes. */
export class Town implements AsyncDisposable {
  readonly #server: RedisServer
  readonly #outage: Outage
  readonly #stack: AsyncDisposableStack
  readonly #peers: readonly Peer<BackOrders>[]
  #version = 0

  private constructor(server: RedisServer, outage: Outage, stack: AsyncDisposableStack, peers: readonly Peer<BackOrders>[]) {
    this.#server = server
    this.#outage = outage
    this.#stack = stack
    this.#peers = peers
  }

  static async start(server: RedisServer, outage: Outage): Promise<Town> {
    await using stack = new AsyncDisposableStack()
    const starts = Array.from({ length: PROCESSES }, (_, index): BackStart => ({ url: server.url, index, queuers: QUEUERS }))
    const peers = await startPeers<BackOrders>(stack, new URL('process.ts', import.meta.url), starts)
    return new Town(server, outage, stack.move(), peers)
  }

  async round(awayMs: number): Promise<Round> {
    const outage = this.#outage
    await this.#all((peer) => peer.ask('fill', `v${this.#version}`))
    await outage.begin(this.#server)
    const left = monotonic()
    await this.#all((peer) => peer.ask('queue'))
    await delay(Math.max(0, left + awayMs - monotonic()))
    const settling = this.#all((peer) => peer.ask('settled'))
    const ended = monotonic()
    await outage.end(this.#server)
    const returned = monotonic()
    const settled = await settling
    const records = await this.#peers.at(-1)!.ask('heard', settled.slice(0, QUEUERS).map(({ invalidated }) => invalidated))
    this.#version++
    const loads = (await this.#all((peer) => peer.ask('read', `v${this.#version}`))).reduce((sum, count) => sum + count, 0)
    if (loads < QUEUERS * STORED) throw new Error(`${QUEUERS * STORED} invalidated entries took ${loads} loads`)
    return {
      outage: outage.name,
      awayMs: ended - left,
      inStep: settled.map(({ time }) => Math.max(0, time - returned)),
      records: records.length,
      isInOrder: isInOrder(records),
      loads,
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync()
  }

  #all<T>(ask: (peer: Peer<BackOrders>) => Promise<T>): Promise<T[]> {
    return Promise.all(this.#peers.map(ask))
  }
}
