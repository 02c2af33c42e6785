import { BY_SET, EVERYTHING, Kind, type Line, Status } from '../history/line.ts'
import { slackOf, type Trial, type Violation } from './judged.ts'
import { Repairs } from './repairs.ts'

/**
 * G4: an older `set` must not take the place of a newer one. Two that overlap are only judged where nothing can have
 * removed the newer one in between: then the versions alone decide.
 */
export class ReorderedSets {
  readonly #trial: Trial
  readonly #repairs: Repairs
  readonly #sets = new Map<number, Line[]>()
  readonly #clears: Line[]

  constructor(trial: Trial) {
    this.#trial = trial
    this.#repairs = new Repairs(trial.lines, trial.windows, trial.repair)
    this.#clears = trial.lines.filter((line) => line.kind === Kind.invalidation && line.key === EVERYTHING)
    for (const line of trial.lines) {
      if (line.kind !== Kind.set) continue
      const sets = this.#sets.get(line.key)
      if (sets === undefined) this.#sets.set(line.key, [line])
      else sets.push(line)
    }
  }

  judge(read: Line): Violation | undefined {
    if (read.flag < BY_SET || read.version <= 0 || this.#repairs.covers(read.begin)) return undefined
    const sets = this.#sets.get(read.key) ?? []
    const older = sets.find((set) => set.version === read.version)
    if (older === undefined) return undefined
    const slack = slackOf(read, this.#trial)
    const newer = sets.find((set) => set.version > read.version && set.flag === Status.applied && set.end < read.begin - slack && this.#overtakes(older, set, read))
    return newer && { rule: 'reordered', line: read, against: newer }
  }

  #overtakes(older: Line, newer: Line, read: Line): boolean {
    if (older.end < newer.begin) return true
    const overlaps = ({ begin, end }: { begin: number; end: number }): boolean => end >= newer.begin && begin <= read.end
    return older.flag === Status.applied && !this.#clears.some(overlaps) && !this.#trial.windows.some(overlaps)
  }
}
