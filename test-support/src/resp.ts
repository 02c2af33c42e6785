const crlf = '\r\n'

/** A reply as plain values; an error reply is an Error, a RESP3 map an array of pairs. */
export type Reply = string | number | boolean | null | Error | Reply[]

export interface Message {
  /** The first byte on the wire, such as `*` or `>`. */
  readonly type: string
  readonly value: Reply
}

export function encodeCommand(args: readonly string[]): string {
  const bulks = args.map((arg) => `$${Buffer.byteLength(arg)}${crlf}${arg}${crlf}`)
  return `*${args.length}${crlf}${bulks.join('')}`
}

/** Cuts a stream of RESP2 or RESP3 messages at their ends, wherever the chunks are cut. */
export class RespReader {
  #buffer: Buffer = Buffer.alloc(0)
  #needed = 0

  push(chunk: Buffer): Message[] {
    this.#buffer = Buffer.concat([this.#buffer, chunk])
    const messages: Message[] = []
    let at = 0
    // A large bulk comes in many chunks: not worth another look until enough bytes are here.
    while (this.#buffer.length - at >= Math.max(1, this.#needed)) {
      const parsed = new Parser(this.#buffer, at)
      const value = parsed.read()
      if (value === incomplete) {
        this.#needed = parsed.needed - at
        break
      }
      messages.push({ type: String.fromCharCode(this.#buffer[at] as number), value })
      at = parsed.at
      this.#needed = 0
    }
    this.#buffer = this.#buffer.subarray(at)
    return messages
  }
}

const incomplete = Symbol('incomplete')

class Parser {
  readonly #buffer: Buffer
  at: number
  /** After an incomplete read: the length the buffer needs at least. */
  needed: number

  constructor(buffer: Buffer, at: number) {
    this.#buffer = buffer
    this.at = at
    this.needed = buffer.length + 1
  }

  read(): Reply | typeof incomplete {
    const line = this.#line()
    if (line === incomplete) return incomplete
    const rest = line.slice(1)
    switch (line[0]) {
      case '+':
      case '(':
        return rest
      case '-':
        return new Error(rest)
      case ':':
      case ',':
        return Number(rest)
      case '#':
        return rest === 't'
      case '_':
        return null
      case '$':
      case '=':
        return this.#bulk(Number(rest))
      case '!': {
        const message = this.#bulk(Number(rest))
        return typeof message === 'string' ? new Error(message) : message
      }
      case '*':
      case '~':
      case '>':
        return this.#array(Number(rest))
      case '%':
        return this.#array(2 * Number(rest))
      case '|': {
        // An attribute says something about the message that follows it.
        const attributes = this.#array(2 * Number(rest))
        return attributes === incomplete ? incomplete : this.read()
      }
      default:
        return line.split(' ')
    }
  }

  #line(): string | typeof incomplete {
    const end = this.#buffer.indexOf(crlf, this.at)
    if (end < 0) return incomplete
    const line = this.#buffer.toString('utf8', this.at, end)
    this.at = end + crlf.length
    return line
  }

  #bulk(length: number): string | null | typeof incomplete {
    if (length < 0) return null
    const end = this.at + length
    if (this.#buffer.length < end + crlf.length) {
      this.needed = end + crlf.length
      return incomplete
    }
    const text = this.#buffer.toString('utf8', this.at, end)
    this.at = end + crlf.length
    return text
  }

  #array(length: number): Reply[] | null | typeof incomplete {
    if (length < 0) return null
    const items: Reply[] = []
    for (let i = 0; i < length; i++) {
      const item = this.read()
      if (item === incomplete) return incomplete
      items.push(item)
    }
    return items
  }
}
