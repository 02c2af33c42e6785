import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { startPostgres } from 'test-support'
import { story } from './checker/story.ts'
import { render } from './report/render.ts'
import { countOf, doubleLoadsOf, type Results, type SceneReport } from './report/results.ts'
import { assertFaults, ownScenes, type Planned, rivalScenes } from './stage/plan.ts'
import { play } from './stage/scene.ts'
import { RIVALS } from './subjects/index.ts'
import { RACING_PACE, USUAL_PACE } from './worker/order.ts'
import { stratacache } from './subjects/stratacache.ts'

/*
 * pnpm consistency [--seed N] [--minutes M] [--processes P] [--fault NAME,...] [--rival NAME] [--racing]
 *
 * Without --fault and --rival everything is played, and written to results.json and findings.md. With them, what was
 * asked for is shown.
 */

const MINUTES = 15
/** A rival's scene is this long: what there is to find is found quickly. */
const RIVAL_SECONDS = 2
const REPAIR_MS = 1_000

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: String(MINUTES) },
    processes: { type: 'string', default: '3' },
    fault: { type: 'string' },
    rival: { type: 'string' },
    racing: { type: 'boolean', default: false },
  },
})
const number = (option: 'seed' | 'minutes' | 'processes'): number => {
  const value = Number(values[option])
  if (!(value > 0)) throw new Error(`--${option} takes a number above 0, not '${values[option]}'`)
  return value
}
const [seed, minutes, processes] = [number('seed'), number('minutes'), number('processes')]
const names = values.fault?.split(',')
if (names !== undefined) assertFaults(names)

const own = values.rival === undefined ? ownScenes(names) : []
const rivals = names === undefined && values.rival === undefined ? RIVALS.map(({ name }) => name) : values.rival === undefined ? [] : [values.rival]
const seconds = (minutes * 60) / own.reduce((sum, { share }) => sum + share, 0)
const plan = [...own, ...rivals.flatMap((rival) => rivalScenes(rival, names))]

await using postgres = await startPostgres()
const reports: SceneReport[] = []
for (const [index, planned] of plan.entries()) {
  const report = await run(planned, lengthOf(planned), seed + index)
  reports.push(report)
  const found = countOf(report) + doubleLoadsOf(report)
  console.log(`${index + 1}/${plan.length}  ${report.library}, ${report.scene} (${report.topology}): ${report.operations} operations, ${found} violations, seed ${report.seed}`)
  if (report.library === stratacache.name || values.rival !== undefined) for (const text of [report.story, ...report.complaints]) if (text !== undefined) console.log(text)
}
if (names === undefined && values.rival === undefined) write()

/** Of a scene, in seconds. */
function lengthOf({ library, share }: Planned): number {
  if (values.rival !== undefined) return (minutes * 60) / plan.length
  return share * (library === stratacache.name ? seconds : RIVAL_SECONDS)
}

async function run({ library, scene, topology, faults }: Planned, length: number, sceneSeed: number): Promise<SceneReport> {
  const { operations, reads, violations, complaints, trial } = await play({
    name: scene,
    library,
    topology,
    faults,
    seconds: length,
    workers: processes,
    seed: sceneSeed,
    pace: values.racing ? RACING_PACE : USUAL_PACE,
    tempo: { shortest: 200, longest: 2_500 },
    postgres: postgres.url,
    repair: REPAIR_MS,
  })
  const kinds = Object.entries(Object.groupBy(violations, ({ rule }) => rule)).map(([rule, all]) => [rule, all!.length])
  const [first] = violations
  const told = first && story(first, trial)
  return { library, scene, topology, seed: sceneSeed, seconds: Math.round(length), operations, reads, violations: Object.fromEntries(kinds) as SceneReport['violations'], story: told, complaints }
}

function write(): void {
  const command = `pnpm consistency --seed ${seed} --minutes ${minutes} --processes ${processes}`
  const results: Results = { date: new Date().toISOString().slice(0, 10), node: process.version, cpus: availableParallelism(), command, scenes: reports }
  writeFileSync(new URL('results.json', import.meta.url), `${JSON.stringify(results, undefined, 2)}\n`)
  writeFileSync(new URL('findings.md', import.meta.url), render(results))
  console.log('written to bench/consistency/results.json and bench/consistency/findings.md')
}
