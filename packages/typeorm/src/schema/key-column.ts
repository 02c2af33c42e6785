import type { DataSource, EntityMetadata } from 'typeorm'
import type { Dialect } from '../sql/dialect.ts'

/**
 * How values of a column become the text that names a row. Two values that the database takes for equal must have one
 * text, or none: which is why a column whose equality is not known for sure has no kind at all.
 */
type Kind = 'integer' | 'uuid' | 'text' | 'folded'

type ColumnMetadata = EntityMetadata['primaryColumns'][number]

/** A column of a key: primary, or one that refers to such. */
export interface KeyColumn {
  readonly name: string
  readonly kind: Kind | undefined
}

const INTEGER = /^(?:(?:big|small|medium|tiny)?int(?:eger)?|int[248]|int64|(?:big|small)?serial|number)\b/
const TEXT = /^(?:text|varchar|character varying|nvarchar|varchar2|nvarchar2|string)\b/

export function keyColumn(column: ColumnMetadata, { driver }: DataSource, dialect: Dialect): KeyColumn {
  // What a foreign key refers to has its type, too.
  const { referencedColumn } = column
  const type = String(driver.normalizeType(referencedColumn ?? column)).toLowerCase()
  const kind = kindOf(type, column.collation ?? referencedColumn?.collation, dialect)
  return { name: column.databaseName, kind: column.isArray ? undefined : kind }
}

function kindOf(type: string, collation: string | undefined, dialect: Dialect): Kind | undefined {
  if (INTEGER.test(type)) return 'integer'
  if (type === 'uuid' || type === 'uniqueidentifier') return 'uuid'
  if (!TEXT.test(type)) return undefined
  if (!dialect.comparesTextExactly) return 'folded'
  return collation === undefined ? 'text' : undefined
}

const CANONICAL_INTEGER = /^(?:0|-?[1-9]\d*)$/
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/
/** What collations take for equal to such a text is one, too, or has no text. */
const PLAIN = /^[\dA-Za-z]+(?:[-_][\dA-Za-z]+)*$/
/** In Hungarian, one of a pair is the other. */
const DOUBLED = /ccs|cscs|ddz|dzdz|dzsdzs|ggy|gygy|lly|lyly|nny|nyny|ssz|szsz|tty|tyty|zzs|zszs/
/** A tag is no place for a novel. */
const LONGEST = 200

/** The text of one value of a key, as the database gets or gives it. `undefined`: it is not known which rows it equals. */
export function keyText({ kind }: KeyColumn, value: unknown): string | undefined {
  const isNumber = Number.isSafeInteger(value) || typeof value === 'bigint'
  // To a number, some databases compare what a text begins with.
  const text = isNumber && kind === 'integer' ? String(value) : value
  if (kind === undefined || typeof text !== 'string' || text.length > LONGEST) return undefined
  switch (kind) {
    case 'integer':
      return CANONICAL_INTEGER.test(text) ? text : undefined
    case 'uuid':
      return UUID.test(text.toLowerCase()) ? text.toLowerCase() : undefined
    case 'text':
      // PostgreSQL cuts spaces off that are more than fit.
      return text.isWellFormed() && !text.endsWith(' ') ? text : undefined
    case 'folded':
      return PLAIN.test(text) ? folded(text.toLowerCase()) : undefined
  }
}

/**
 * The text under which one value may be cached: it also tells apart what a database might take for equal. `undefined` where
 * `keyText` is.
 */
export function exactText(column: KeyColumn, value: unknown): string | undefined {
  const text = keyText(column, value)
  return text !== undefined && column.kind === 'folded' ? String(value) : text
}

/**
 * One text for all that some collation takes for equal: i is j in Latin and y in Lithuanian, u is v in Latin, v is w in
 * Swedish, m is n in one of Macintosh, ch is c in Lithuanian.
 */
const folded = (text: string): string | undefined =>
  DOUBLED.test(text) ? undefined : text.replace(/[jy]/g, 'i').replace(/[vw]/g, 'u').replaceAll('m', 'n').replaceAll('ch', 'c')
