import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { check } from '../checker/check.ts'
import type { Trial, Violation } from '../checker/judged.ts'
import type { FaultWindow } from '../checker/window.ts'
import type { Fault, Tempo } from '../faults/fault.ts'
import { monotonic } from '../history/clock.ts'
import { Kind } from '../history/line.ts'
import { between, pick, seeded } from 'test-support'
import { libraryOf } from '../subjects/index.ts'
import { hasMemory, type Pace } from '../worker/order.ts'
import { World } from '../world/world.ts'
import { placeOf, startBackend, type Topology } from './backend.ts'
import { Crew } from './crew.ts'

export interface SceneOptions {
  readonly name: string
  readonly library: string
  readonly topology: Topology
  /** Each at least once, then again until the time is over. Those of different places happen at the same time. */
  readonly faults: readonly Fault[]
  readonly seconds: number
  readonly workers: number
  readonly seed: number
  readonly pace: Pace
  readonly tempo: Tempo
  readonly postgres: string
  /** How long after contact a shared tier that was taken back is repaired, in ms. */
  readonly repair: number
}

export interface SceneResult {
  readonly name: string
  readonly trial: Trial
  readonly operations: number
  readonly reads: number
  readonly violations: readonly Violation[]
  readonly complaints: readonly string[]
}

/** Lets the application run for a while, things going wrong, and judges what its callers saw. */
export async function play(options: SceneOptions): Promise<SceneResult> {
  const { name, library, topology, faults, seconds, workers, seed, pace, postgres } = options
  const { foreignMemory, isLiteral, alwaysHasMemory = false } = libraryOf(library)
  const folder = mkdtempSync(join(tmpdir(), 'stratacache-history-'))
  try {
    await createWorld(postgres)
    await using backend = await startBackend(topology, workers)
    const crew = new Crew({ library, postgres, seed, folder, pace, place: (worker) => placeOf(backend, worker) })
    const windows: FaultWindow[] = []
    try {
      await Promise.all(Array.from({ length: workers }, (_, worker) => crew.start(worker)))
      const until = monotonic() + seconds * 1e6
      await delay(options.tempo.shortest)
      const places = [...new Set(faults.map(({ place }) => place))]
      await Promise.all(
        places.map(async (place, index) => {
          const stage = { backend, crew, random: seeded(seed * 31 + index), tempo: options.tempo }
          await runSchedule(faults.filter((fault) => fault.place === place), stage, until, windows)
        }),
      )
      await delay(Math.max(0, until - monotonic()) / 1e3)
      await crew.dismiss()
    } finally {
      await crew.abandon()
    }
    const lines = crew.history()
    const trial: Trial = { lines, windows, foreignMemory, repair: options.repair, literal: isLiteral, hasMemory: (instance) => alwaysHasMemory || hasMemory(instance) }
    const reads = lines.filter((line) => line.kind === Kind.read).length
    const operations = lines.filter((line) => line.kind !== Kind.mark && line.kind !== Kind.floor).length
    return { name, trial, operations, reads, violations: check(trial), complaints: crew.complaints }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function createWorld(postgres: string): Promise<void> {
  const world = new World(postgres)
  await world.create()
  await world.close()
}

type Stage = Parameters<Fault['run']>[0]

async function runSchedule(faults: readonly Fault[], stage: Stage, until: number, windows: FaultWindow[]): Promise<void> {
  const waiting = [...faults]
  while (waiting.length > 0 || monotonic() < until) {
    const fault = waiting.length > 0 ? waiting.splice(between(stage.random, 0, waiting.length - 1), 1)[0]! : pick(stage.random, faults)
    const begin = monotonic()
    await fault.run(stage)
    windows.push({ name: fault.name, begin, end: monotonic(), takesBack: fault.takesBack ?? false })
    await delay(between(stage.random, stage.tempo.shortest, stage.tempo.longest) / 2)
  }
}
