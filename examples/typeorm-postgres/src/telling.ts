import { styleText } from 'node:util'

const out = process.stdout

/** What is printed, and whether all that was claimed did hold. */
export class Telling {
  #claims = 0
  #broken = 0

  get exitCode(): 0 | 1 {
    return this.#broken === 0 ? 0 : 1
  }

  heading(text: string): void {
    out.write(`\n${styleText('bold', text, { stream: out })}\n`)
  }

  line(text: string): void {
    out.write(`  ${text}\n`)
  }

  claim(text: string, holds: boolean): void {
    this.#claims++
    if (!holds) this.#broken++
    const mark = holds ? styleText('green', '✓', { stream: out }) : styleText('red', '✗', { stream: out })
    this.line(`${mark} ${text}`)
  }

  end(): void {
    this.heading(this.#broken === 0 ? `All ${this.#claims} claims hold.` : `${this.#broken} of ${this.#claims} claims do not hold.`)
  }
}
