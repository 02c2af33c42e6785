import type { Workload } from './workloads.ts'

const NEVER = 0x7fff_ffff

/**
 * The most hits any cache of that capacity could have, knowing the future: it gives up what is asked for last, or does not
 * keep what it was just asked for (Belady, "A study of replacement algorithms for a virtual-storage computer", 1966).
 */
export function optimum({ requests, keys }: Workload, capacity: number): number {
  const next = nextRequests(requests, keys)
  const kept = new Int32Array(keys).fill(-1)
  const farthest = new Farthest(requests.length)
  let [size, hits] = [0, 0]
  for (let index = 0; index < requests.length; index++) {
    const key = requests[index]!
    const again = next[index]!
    if (kept[key] !== -1) {
      hits++
      kept[key] = again
      farthest.push(again, key)
      continue
    }
    if (again === NEVER) continue
    if (size === capacity) {
      // What was asked for again since stands in the heap with its old time, too: that is passed over.
      while (kept[farthest.key] !== farthest.time) farthest.pop()
      if (farthest.time <= again) continue
      kept[farthest.key] = -1
      farthest.pop()
      size--
    }
    kept[key] = again
    farthest.push(again, key)
    size++
  }
  return hits
}

/** For each request, when its key is asked for again. */
function nextRequests(requests: Uint32Array, keys: number): Int32Array {
  const next = new Int32Array(requests.length)
  const last = new Int32Array(keys).fill(NEVER)
  for (let index = requests.length - 1; index >= 0; index--) {
    next[index] = last[requests[index]!]!
    last[requests[index]!] = index
  }
  return next
}

/** A heap of keys, that of the latest time on top. */
class Farthest {
  readonly #times: Int32Array
  readonly #keys: Int32Array
  #size = 0

  constructor(capacity: number) {
    this.#times = new Int32Array(capacity)
    this.#keys = new Int32Array(capacity)
  }

  get time(): number {
    return this.#times[0]!
  }

  get key(): number {
    return this.#keys[0]!
  }

  push(time: number, key: number): void {
    let place = this.#size++
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (this.#times[parent]! >= time) break
      this.#set(place, this.#times[parent]!, this.#keys[parent]!)
      place = parent
    }
    this.#set(place, time, key)
  }

  pop(): void {
    this.#size--
    const [time, key] = [this.#times[this.#size]!, this.#keys[this.#size]!]
    let place = 0
    for (let child = 1; child < this.#size; child = 2 * place + 1) {
      if (child + 1 < this.#size && this.#times[child + 1]! > this.#times[child]!) child++
      if (this.#times[child]! <= time) break
      this.#set(place, this.#times[child]!, this.#keys[child]!)
      place = child
    }
    this.#set(place, time, key)
  }

  #set(place: number, time: number, key: number): void {
    this.#times[place] = time
    this.#keys[place] = key
  }
}
