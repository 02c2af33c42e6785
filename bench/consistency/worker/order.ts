import type { Place } from '../subjects/subject.ts'

/** What a worker is started with, as JSON. */
export interface WorkerStart {
  readonly library: string
  readonly place: Place
  readonly postgres: string
  readonly seed: number
  /** Of its first cache, counting up. */
  readonly instance: number
  readonly history: string
  /** How far its clock is off, in ms. */
  readonly clockShift: number
  /** Weights of the workload. */
  readonly pace: Pace
}

export interface Pace {
  /** Callers at a time, per cache. */
  readonly lanes: number
  /** The longest pause between two rounds of a caller, in ms. */
  readonly pauseMs: number
  /** The share of steps of a loader that take no time. */
  readonly quick: number
  /** The share of operations that concern one of a few keys. */
  readonly hot: number
  /** How much more often than usual something is written. */
  readonly writes: number
}

export const USUAL_PACE: Pace = { lanes: 6, pauseMs: 4, quick: 0.6, hot: 0.5, writes: 1 }

/** More of what races are made of: slow loads of few keys that are often written. */
export const RACING_PACE: Pace = { lanes: 6, pauseMs: 4, quick: 0, hot: 0.95, writes: 5 }

/** A worker has a cache with memory and one without. */
export const CACHES_PER_WORKER = 2

/** An instance whose cache has no memory: what it reads comes from Redis, or was just loaded. */
export const hasMemory = (instance: number): boolean => instance % CACHES_PER_WORKER === 0

/** The exit code of a worker that met a rejection nobody handled when its parent had left. */
export const UNHANDLED = 70

export type WorkerReport = { readonly kind: 'ready' } | { readonly kind: 'unhandled'; readonly error: string }
