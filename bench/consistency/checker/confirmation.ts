import { Kind, type Line, Mark, Status } from '../history/line.ts'

/**
 * When an invalidation or a `set` bound everybody: when it was confirmed; when it was replayed, if it was queued;
 * `undefined` for never.
 */
export class Confirmations {
  readonly #replays = new Map<number, number[]>()

  constructor(lines: readonly Line[]) {
    for (const line of lines) {
      if (line.kind !== Kind.mark || line.flag !== Mark.replayed) continue
      const times = this.#replays.get(line.instance)
      if (times === undefined) this.#replays.set(line.instance, [line.end])
      else times.push(line.end)
    }
    for (const times of this.#replays.values()) times.sort((a, b) => a - b)
  }

  byAll({ flag, instance, end, kind }: Line): number | undefined {
    if (flag === Status.applied || flag === Status.superseded) return end
    // The value of a queued `set` stays with its process; only its invalidation is replayed.
    if (flag !== Status.queued || kind === Kind.set) return undefined
    return this.#replays.get(instance)?.find((time) => time > end)
  }

  /** For the process itself a queued one counts like one that was applied. */
  byItself({ flag, end }: Line): number | undefined {
    return flag === Status.applied || flag === Status.queued ? end : undefined
  }
}
