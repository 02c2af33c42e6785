import { between, pick } from 'test-support'

type Random = () => number

/** A table of SQLite that statements are made over. */
export interface RandomTable {
  readonly name: string
  readonly create: string
  readonly rows: readonly string[]
  readonly key: readonly string[]
  readonly columns: readonly string[]
  /** Values that rows of it have, each for all columns of the key. */
  readonly keys: readonly (readonly string[])[]
  /** Values to compare a column with, as literals. */
  readonly values: Readonly<Record<string, readonly string[]>>
  /** What is set: of rows that are chosen, something changes. */
  readonly set: readonly string[]
}

const NUMBERS = ['0', '1', '2', '3', '4', '5', '-1', '1.0', '02', '2e0', "'3'", "'03'", "' 4'", "'x'", 'NULL', '9007199254740993', '-0']

export const tables: readonly RandomTable[] = [
  {
    name: 'items',
    create: 'CREATE TABLE items (id INTEGER PRIMARY KEY, a INT UNIQUE, b TEXT, option INT, "end" INT)',
    rows: ["0, 10, 'x', 0, 1", "1, 11, 'y', 1, 0", "2, 12, NULL, 0, 2", "3, 13, 'x y', 3, 1", "4, 14, '5', 1, NULL", "5, 15, '', 0, 5", "-1, 16, 'X', 1, 0", "9007199254740993, 17, 'z', 1, 1"],
    key: ['id'],
    keys: [['0'], ['1'], ['2'], ['3'], ["'4'"], ['5'], ['-1']],
    columns: ['id', 'a', 'b', 'option', '"end"'],
    values: { 'id': NUMBERS, 'a': ['10', '11', "'12'", 'NULL'], 'b': ["'x'", "'X'", "'it''s'", "'-- x'", '5', "''"], 'option': NUMBERS, '"end"': NUMBERS },
    set: ["b = coalesce(b, '') || '+'", 'option = option + 1, "end" = 7', '"end" = coalesce("end", 0) + 1', "b = b || ' WHERE id = 1', option = option - 1"],
  },
  {
    name: 'prices',
    create: 'CREATE TABLE prices (product TEXT, country TEXT, amount INT, PRIMARY KEY (product, country))',
    rows: ["'pen', 'uk', 1", "'pen', 'fr', 2", "'Pen', 'uk', 3", "'1', 'uk', 4", "'01', 'uk', 5", "'1.0', '1', 6", "'a\\b', 'fr', 7", "'it''s', 'fr', 8", "'', 'x', 9"],
    key: ['product', 'country'],
    keys: [["'pen'", "'uk'"], ["'pen'", "'fr'"], ["'Pen'", "'uk'"], ["'1'", "'uk'"], ["'01'", "'uk'"], ["'it''s'", "'fr'"]],
    columns: ['product', 'country', 'amount'],
    values: {
      product: ["'pen'", "'Pen'", "'1'", "'01'", '1', '1.0', '1.00', '01', "'a\\b'", "'it''s'", "''", 'NULL', "X'70656e'"],
      country: ["'uk'", "'fr'", "'1'", '1', "'x'", "'or'"],
      amount: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    },
    set: ['amount = amount + 100', "amount = amount + (SELECT 1 FROM prices AS other WHERE other.country = 'uk' LIMIT 1)"],
  },
]

/** A statement, and its parameters. */
export interface RandomStatement {
  readonly sql: string
  readonly parameters: unknown[]
}

/** Writes parameters in one of the ways that SQLite has. */
class Parameters {
  readonly values: unknown[] = []
  readonly #random: Random
  readonly #style: 'plain' | 'numbered' | 'mixed'

  constructor(random: Random) {
    this.#random = random
    this.#style = random() < 0.8 ? 'plain' : random() < 0.5 ? 'numbered' : 'mixed'
  }

  /** A literal that may become a parameter. */
  write(literal: string): string {
    if (this.#random() < 0.5 || !/^(?:-?\d+|'[^']*')$/.test(literal)) return literal
    const value = literal.startsWith("'") ? literal.slice(1, -1) : Number(literal)
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) return literal
    const known = this.values.indexOf(value)
    if (this.#style === 'numbered' || (this.#style === 'mixed' && this.#random() < 0.4)) {
      // A number that was there before counts no further.
      if (known >= 0) return `?${known + 1}`
      this.values.push(value)
      return `?${this.values.length}`
    }
    this.values.push(value)
    return this.#style === 'mixed' && this.#random() < 0.3 ? `:p${this.values.length}` : '?'
  }
}

class Writer {
  readonly #random: Random
  readonly #table: RandomTable
  readonly #parameters: Parameters
  /** How much of it is anything but a key. */
  readonly #oddness: number

  constructor(random: Random, table: RandomTable, parameters: Parameters) {
    this.#random = random
    this.#table = table
    this.#parameters = parameters
    this.#oddness = pick(random, [0, 0.2, 0.2, 0.5, 1])
  }

  /** A condition of a depth of at most. */
  condition(depth: number): string {
    const random = this.#random
    if (depth === 0) return random() < this.#oddness ? this.#comparison() : this.#key()
    const inner = (): string => this.condition(depth - between(random, 1, depth))
    if (random() < this.#oddness / 2) return this.#odd(inner)
    switch (between(random, 0, 6)) {
      case 0: return `${inner()} OR ${inner()}`
      case 1: return `NOT ${inner()}`
      case 2: return `(${inner()})`
      case 3: return `(${inner()}) OR ${inner()} AND ${inner()}`
      case 4: return `NOT (${inner()}) AND ${inner()}`
      default: return `${inner()} AND ${inner()}`
    }
  }

  /** Conditions within what is more than AND and OR. */
  #odd(inner: () => string): string {
    const random = this.#random
    const { columns, key, name } = this.#table
    const column = pick(random, columns)
    switch (between(random, 0, 7)) {
      case 0: return `CASE WHEN ${inner()} THEN ${pick(random, ['0', '1', column])} ELSE ${pick(random, ['0', '1', column])} END`
      case 1: return `(${inner()}) ${pick(random, ['=', 'IS', 'IS NOT', '<', '+', '||'])} ${this.#value(column)}`
      case 2: return `${this.#key()} ${pick(random, ['= 0', '<> 1', 'IS FALSE', 'IS NOT TRUE', '+ 1', '|| 1', 'IS NULL', 'COLLATE NOCASE', 'IN (0)'])}`
      case 3: return `${column} BETWEEN ${this.#value(column)} AND ${this.#key()}`
      case 4: return `${inner()} AND ${column} ${pick(random, ['<', '>=', '=', '<>'])} ${pick(random, columns)} OR ${inner()}`
      case 5: return `(SELECT count(*) FROM ${name} AS other WHERE ${inner()})`
      case 6: return `${column} IN (SELECT ${pick(random, key)} FROM ${name} AS other WHERE ${inner()}) OR ${inner()}`
      default: return `iif(${inner()}, ${inner()}, ${inner()})`
    }
  }

  /** What names a row. */
  #key(): string {
    const random = this.#random
    const { key, keys } = this.#table
    if (key.length === 1 && random() < 0.4) {
      const values = Array.from({ length: between(random, 1, 3) }, () => this.#parameters.write(pick(random, keys)[0]!))
      return `${key[0]} IN (${values.join(', ')})`
    }
    const values = pick(random, keys)
    const places = pick(random, [[...key.keys()], [...key.keys()].reverse(), [0]])
    const parts = places.map((place) => `${key[place]} = ${this.#parameters.write(values[place]!)}`)
    return random() < 0.5 ? parts.join(' AND ') : `(${parts.join(' AND ')})`
  }

  #comparison(): string {
    const random = this.#random
    const { columns, key, name } = this.#table
    const column = pick(random, random() < 0.6 ? key : columns)
    const value = (): string => this.#value(column)
    const written = random() < 0.2 ? `${name}.${column}` : random() < 0.15 && !column.startsWith('"') ? this.#quoted(column) : column
    switch (between(random, 0, 19)) {
      case 0: return `${written} BETWEEN ${value()} AND ${value()}`
      case 1: return `CASE WHEN ${written} = ${value()} OR ${column} = ${value()} THEN 1 ELSE 0 END`
      case 2: return `CASE ${written} WHEN ${value()} THEN ${value()} ELSE ${column} END = ${value()}`
      case 3: return `${written} LIKE ${pick(random, ["'%'", "'p%'", "'_'", "'%\\%' ESCAPE '\\'"])}`
      case 4: return `${written} IS ${pick(random, ['', 'NOT '])}NULL`
      case 5: return `${written} NOT IN (${value()}, ${value()})`
      case 6: return `${written} IN (SELECT ${column} FROM ${name} WHERE ${pick(random, columns)} = ${value()} OR ${column} = ${value()})`
      case 7: return `EXISTS (SELECT 1 FROM ${name} AS other WHERE other.${column} = ${value()})`
      case 8: return `coalesce(${written}, ${value()}) = ${value()}`
      case 9: return `${written} ${pick(random, ['<', '>', '<=', '>=', '<>', '!=', '==', 'IS', '+', '*', '%'])} ${value()}`
      case 10: return `+${written} = ${value()}`
      case 11: return `${written} = ${value()} COLLATE NOCASE`
      case 12: return `(${written}, ${pick(random, columns)}) = (${value()}, ${value()})`
      case 13: return `${written} > ${pick(random, columns)}`
      case 14: return `${written} = ${pick(random, columns)}`
      case 15: return `${value()} = ${written}`
      case 16: case 17: return `${written} IN (${Array.from({ length: between(random, 1, 3) }, value).join(', ')})`
      default: return `${written} = ${value()}`
    }
  }

  #quoted(column: string): string {
    return pick(this.#random, [`"${column}"`, `[${column}]`, `\`${column}\``, column.toUpperCase(), `"${column.toUpperCase()}"`])
  }

  #value(column: string): string {
    return this.#parameters.write(pick(this.#random, this.#table.values[column] ?? NUMBERS))
  }
}

/** An UPDATE or DELETE that SQLite may take. */
export function randomStatement(random: Random, table: RandomTable): RandomStatement {
  const parameters = new Parameters(random)
  const writer = new Writer(random, table, parameters)
  const target = pick(random, [table.name, `"${table.name}"`, `[${table.name}]`, `main.${table.name}`, `'${table.name}'`, table.name.toUpperCase()])
  const head = random() < 0.5 ? `DELETE FROM ${target}` : `UPDATE ${pick(random, ['', '', 'OR IGNORE '])}${target} SET ${pick(random, table.set)}`
  const where = random() < 0.97 ? ` WHERE ${writer.condition(between(random, 0, 4))}` : ''
  const behind = pick(random, ['', '', '', ' RETURNING *', ' RETURNING 1 OR 0', ';', ' -- OR 1', ' /* OR 1 */'])
  return { sql: disguised(random, `${head}${where}${behind}`), parameters: parameters.values }
}

/** The same with other spaces, comments and capitals, outside of what is quoted. */
function disguised(random: Random, sql: string): string {
  if (random() < 0.6) return sql
  return sql.replace(/'[^']*'|"[^"]*"|\[[^\]]*\]|`[^`]*`|--.*|\/\*.*?\*\/|:\w+| |\b[A-Z]+\b/g, (part) => {
    if (part === ' ') return pick(random, [' ', ' ', '\n', '\t', '  ', '/**/', "/* ' OR */", "-- it's\n"])
    return /^[A-Z]+$/.test(part) && random() < 0.3 ? part.toLowerCase() : part
  })
}
