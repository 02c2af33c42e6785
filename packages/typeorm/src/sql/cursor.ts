import type { Token } from './token.ts'

/** A table as it is written: `schema.name` has a qualifier. */
export interface TableName {
  readonly qualifier: string | undefined
  readonly name: string
}

/** A column as it is written. */
export interface ColumnName {
  readonly name: string
  readonly isQuoted: boolean
}

/** Reads tokens from one end to the other. */
export class Cursor {
  readonly #tokens: readonly Token[]
  readonly #end: number
  at: number

  constructor(tokens: readonly Token[], start = 0, end: number = tokens.length) {
    this.#tokens = tokens
    this.at = start
    this.#end = end
  }

  /** Another one, from here on, up to a token before which it ends. */
  fork(end: number = this.#end): Cursor {
    return new Cursor(this.#tokens, this.at, end)
  }

  get isDone(): boolean {
    return this.at >= this.#end
  }

  peek(ahead = 0): Token | undefined {
    return this.at + ahead < this.#end ? this.#tokens[this.at + ahead] : undefined
  }

  next(): Token | undefined {
    return this.at < this.#end ? this.#tokens[this.at++] : undefined
  }

  /** The keyword that comes next, in capitals. Empty for anything else. */
  get word(): string {
    const token = this.peek()
    return token?.kind === 'word' ? token.text.toUpperCase() : ''
  }

  isSymbol(text: string, ahead = 0): boolean {
    const token = this.peek(ahead)
    return token?.kind === 'symbol' && token.text === text
  }

  /** Whether the next token may name a table. */
  get isName(): boolean {
    return ['word', 'name', 'either'].includes(this.peek()?.kind ?? '')
  }

  /** Goes past the next token if it is one of these words. */
  skipWord(...words: string[]): boolean {
    if (!words.includes(this.word)) return false
    this.at++
    return true
  }

  skipWords(...words: string[]): void {
    while (this.skipWord(...words));
  }

  skipSymbol(text: string): boolean {
    if (!this.isSymbol(text)) return false
    this.at++
    return true
  }

  /** Past a parenthesis and all that is in it. */
  skipParenthesis(): void {
    let depth = 0
    do {
      if (this.isSymbol('(')) depth++
      else if (this.isSymbol(')')) depth--
      this.at++
    } while (depth > 0 && !this.isDone)
  }

  /** Past one token, or one parenthesis. */
  skip(): void {
    if (this.isSymbol('(')) this.skipParenthesis()
    else this.at++
  }

  /** Past all that comes before one of these words outside of parentheses. */
  skipTo(...words: string[]): boolean {
    while (!this.isDone && !words.includes(this.word)) this.skip()
    return !this.isDone
  }

  /** `a.b.c`, quoted or not. */
  path(...kinds: Token['kind'][]): ColumnName[] | undefined {
    const parts: ColumnName[] = []
    do {
      const token = this.peek()
      if (token === undefined || !['word', 'name', ...kinds].includes(token.kind)) return undefined
      this.at++
      parts.push({ name: token.text, isQuoted: token.kind !== 'word' })
      // MSSQL leaves parts out: database..table
      while (this.isSymbol('.') && this.isSymbol('.', 1)) this.at++
    } while (!this.isSymbol('*', 1) && this.skipSymbol('.'))
    return parts
  }

  table(): TableName | undefined {
    const parts = this.path('either')
    if (parts === undefined) return undefined
    // Some databases take a path as one name, and so does TypeORM where it escapes one.
    const names = parts.flatMap(({ name }) => name.split('.'))
    return { name: names.pop()!, qualifier: names.length > 0 ? names.join('.') : undefined }
  }
}
