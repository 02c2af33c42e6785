import { BY_SET, EVERYTHING, groupOf, Kind, type Line, Status } from '../history/line.ts'
import { groupOfKey, isSetKey, KEYS } from '../world/rows.ts'
import { Ceilings } from './ceiling.ts'
import { Confirmations } from './confirmation.ts'
import { slackOf, type Trial, type Violation } from './judged.ts'
import { Owners } from './owners.ts'
import { Repairs } from './repairs.ts'

/** Ceilings by key: what binds every instance, and what binds the one that did it. */
class Bounds {
  readonly #everywhere = new Ceilings()
  readonly #here = new Ceilings()

  add(name: string, line: Line, value: number, confirmations: Confirmations): void {
    const byAll = confirmations.byAll(line)
    const byItself = confirmations.byItself(line)
    if (byAll !== undefined) this.#everywhere.of(name).add(byAll, value, line)
    if (byItself !== undefined && line.flag !== Status.superseded) this.#here.of(`${line.instance} ${name}`).add(byItself, value, line)
  }

  /** What binds a read, if it is above the value. */
  above(value: number, name: string, { instance, begin }: Line, slack: number): Line | undefined {
    const bounds = [this.#everywhere.of(name).before(begin - slack), this.#here.of(`${instance} ${name}`).before(begin)]
    return bounds.find((bound) => bound !== undefined && bound.value > value)?.line
  }
}

/**
 * G1, G2 and G5: what a read may not return, because an invalidation that covers it was confirmed before the read began.
 *
 * By version ('stale'): the writer committed a newer version before it invalidated. By load ('outlived'): the load of the
 * value began before the invalidation was called.
 */
export class StaleReads {
  readonly #trial: Trial
  readonly #owners: Owners
  readonly #repairs: Repairs
  readonly #versions = new Bounds()
  readonly #loads = new Bounds()

  constructor(trial: Trial) {
    const { lines, windows, repair, literal } = trial
    this.#trial = trial
    this.#owners = new Owners(lines)
    this.#repairs = new Repairs(lines, windows, repair)
    const confirmations = new Confirmations(lines)
    for (const line of lines) {
      if (line.kind === Kind.floor || line.kind === Kind.set) {
        const from = line.kind === Kind.floor ? line.detail : 0
        this.#versions.add(`${line.key} ${from}`, line, line.version, confirmations)
      }
      if (line.kind === Kind.invalidation && literal) for (const key of covered(line)) this.#loads.add(String(key), line, line.begin, confirmations)
    }
  }

  judge(read: Line): Violation | undefined {
    const { key, version, begin } = read
    if (version <= 0 || this.#repairs.covers(begin)) return undefined
    const slack = slackOf(read, this.#trial)
    const newer = this.#versions.above(version, `${key} 0`, read, slack) ?? this.#versions.above(version, `${key} ${this.#owners.since(key, version)}`, read, slack)
    const isSet = read.flag >= BY_SET
    // A `set` that began later is not overtaken by one that was confirmed: see reordered.ts.
    if (newer !== undefined && !(isSet && isSetKey(key))) return { rule: 'stale', line: read, against: newer }
    const later = isSet ? undefined : this.#loads.above(read.detail, String(key), read, slack)
    return later && { rule: 'outlived', line: read, against: later }
  }
}

function covered({ key }: Line): readonly number[] {
  const group = groupOf(key)
  if (key !== EVERYTHING && group === undefined) return [key]
  const all = Array.from({ length: KEYS }, (_, each) => each)
  return group === undefined ? all : all.filter((each) => !isSetKey(each) && groupOfKey(each) === group)
}
