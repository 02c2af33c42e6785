import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { decode, encode, type Line, WIDTH } from './line.ts'

const LINES_PER_WRITE = 1024
const FLUSH_MS = 50

/** Writes a history as it happens, so that little is lost when the process is killed. */
export class HistoryWriter {
  readonly #file: number
  readonly #buffer = new Float64Array(LINES_PER_WRITE * WIDTH)
  readonly #timer: NodeJS.Timeout
  #used = 0

  constructor(path: string) {
    this.#file = openSync(path, 'w')
    this.#timer = setInterval(() => this.#flush(), FLUSH_MS)
  }

  add(line: Line): void {
    encode(line, this.#buffer, this.#used)
    this.#used += WIDTH
    if (this.#used === this.#buffer.length) this.#flush()
  }

  close(): void {
    clearInterval(this.#timer)
    this.#flush()
    closeSync(this.#file)
  }

  #flush(): void {
    if (this.#used === 0) return
    writeSync(this.#file, new Uint8Array(this.#buffer.buffer, 0, this.#used * Float64Array.BYTES_PER_ELEMENT))
    this.#used = 0
  }
}

/** All whole lines of a file: a killed process may have left half a line at its end. */
export function readHistory(path: string): Line[] {
  const bytes = readFileSync(path)
  const numbers = new Float64Array(Math.floor(bytes.length / Float64Array.BYTES_PER_ELEMENT / WIDTH) * WIDTH)
  new Uint8Array(numbers.buffer).set(bytes.subarray(0, numbers.byteLength))
  const lines: Line[] = []
  for (let at = 0; at < numbers.length; at += WIDTH) lines.push(decode(numbers, at))
  return lines
}
