export type Environment = Readonly<Record<string, string | undefined>>

/** A text of the data that held variables. */
export class Expanded {
  /** As it stands in the data: messages show this one. */
  readonly written: string
  readonly text: string
  /** What it must be and is not: its variables have values. */
  readonly broken: readonly string[]

  constructor(written: string, text: string, broken: readonly string[]) {
    this.written = written
    this.text = text
    this.broken = broken
  }
}

/**
 * The data, with an `Expanded` for every text that holds a variable: `${NAME}`, or `${NAME:-text}` where the text stands
 * for one that is unset or empty. `$${` is a literal `${`. Names are left as they are.
 */
export function expandVariables(data: unknown, env: Environment): unknown {
  if (typeof data === 'string') return data.includes('${') ? expand(data, env) : data
  if (Array.isArray(data)) return data.map((item) => expandVariables(item, env))
  if (!isRecord(data)) return data
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, expandVariables(value, env)]))
}

/** An object as data has them: no instance of a class, which is left as it is. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function expand(written: string, env: Environment): Expanded {
  const expansion = new Expansion(written, env)
  const text = expansion.run()
  return new Expanded(written, text, expansion.broken)
}

const VARIABLE = /\$\{([A-Za-z_]\w*)(:-|\})/y

/** One pass over a text. A default may hold variables itself, so it ends at the brace that closes it. */
class Expansion {
  readonly broken: string[] = []
  readonly #written: string
  readonly #env: Environment
  #at = 0

  constructor(written: string, env: Environment) {
    this.#written = written
    this.#env = env
  }

  run(): string {
    return this.#until(undefined, true)
  }

  /** @param used whether its variables matter: a default that is not needed may name some that are unset */
  #until(end: '}' | undefined, used: boolean): string {
    let text = ''
    while (this.#at < this.#written.length) {
      if (this.#written.startsWith('$${', this.#at)) {
        text += '${'
        this.#at += 3
      } else if (this.#written.startsWith('${', this.#at)) {
        text += this.#variable(used)
      } else {
        const char = this.#written[this.#at++]!
        if (char === end) return text
        text += char
      }
    }
    if (end !== undefined) this.broken.push("a text whose variables end: '}' is missing")
    return text
  }

  #variable(used: boolean): string {
    VARIABLE.lastIndex = this.#at
    const [whole, name, rest] = VARIABLE.exec(this.#written) ?? []
    if (whole === undefined || name === undefined) {
      this.broken.push('a text with variables such as ${NAME} or ${NAME:-default} ($${ for a literal ${)')
      this.#at = this.#written.length
      return ''
    }
    this.#at += whole.length
    const value = Object.hasOwn(this.#env, name) ? this.#env[name] : undefined
    if (rest === '}') {
      if (value === undefined && used) this.broken.push(`a text whose variables are set: ${name} is not, and has no default (\${${name}:-default})`)
      return value ?? ''
    }
    const isMissing = value === undefined || value === ''
    const fallback = this.#until('}', used && isMissing)
    return isMissing ? fallback : value
  }
}
