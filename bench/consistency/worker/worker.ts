import { HistoryWriter } from '../history/history-file.ts'
import { monotonic } from '../history/clock.ts'
import { Kind, Mark } from '../history/line.ts'
import { seeded } from 'test-support'
import { World } from '../world/world.ts'
import { runLane } from './lane.ts'
import { SourceLoader } from './loader.ts'
import { Operations } from './operations.ts'
import { CACHES_PER_WORKER, hasMemory, UNHANDLED, type WorkerReport, type WorkerStart } from './order.ts'
import { shiftClock } from './shift-clock.ts'

/* One process of the application under test. Works until its parent disconnects, then closes everything and ends. */

/** Of this machine: it says nothing in a report. */
const ROOT = new URL('../../../', import.meta.url).href

const start = JSON.parse(process.argv[2]!) as WorkerStart
shiftClock(start.clockShift)
process.on('unhandledRejection', (error) => report({ kind: 'unhandled', error: String(error instanceof Error ? error.stack : error).replaceAll(ROOT, '') }))

const { libraryOf } = await import('../subjects/index.ts')
const library = libraryOf(start.library)
const history = new HistoryWriter(start.history)
const world = new World(start.postgres)
const stop = new AbortController()
const ending = Array.from({ length: CACHES_PER_WORKER }, (_, index) => work(start.instance + index))
await Promise.all(ending.map(({ open }) => open))
report({ kind: 'ready' })
process.once('disconnect', () => void end())

function work(instance: number): { open: Promise<unknown>; done: Promise<void> } {
  const random = seeded(start.seed * 7919 + instance)
  const mark = (flag: number): void => history.add({ kind: Kind.mark, instance, key: 0, flag, version: 0, begin: monotonic(), end: monotonic(), detail: 0 })
  const opening = library.open(start.place, hasMemory(instance), random, { inStep: () => mark(Mark.inStep), replayed: () => mark(Mark.replayed) })
  const lanes = opening.then((subject) => {
    const source = new SourceLoader(world, history, instance, random, start.pace.quick)
    const operations = new Operations(subject, library, world, source, history, instance, random, start.pace.hot)
    return Promise.all(Array.from({ length: start.pace.lanes }, () => runLane(operations, random, start.pace, stop.signal)))
  })
  return { open: opening, done: Promise.all([opening, lanes]).then(([subject]) => subject.close()) }
}

async function end(): Promise<void> {
  stop.abort()
  await Promise.all(ending.map(({ done }) => done))
  await world.close()
  history.close()
}

function report(message: WorkerReport): void {
  if (process.connected) process.send!(message)
  else if (message.kind === 'unhandled') process.exitCode = UNHANDLED
}
