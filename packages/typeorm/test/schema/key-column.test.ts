import type { DataSource, EntityMetadata } from 'typeorm'
import { describe, expect, it } from 'vitest'
import { exactText, keyColumn, type KeyColumn, keyText } from '../../src/schema/key-column.ts'
import { type DatabaseName, databaseNames, dialects } from '../support/sql.ts'

type Column = EntityMetadata['primaryColumns'][number]

const driver = { normalizeType: ({ type }: { type: string }) => type }
const kindOf = (database: DatabaseName, column: object): KeyColumn['kind'] =>
  keyColumn({ databaseName: 'id', ...column } as Column, { driver } as unknown as DataSource, dialects[database]).kind

describe('the kind of a column', () => {
  it.each(['int', 'integer', 'bigint', 'smallint', 'mediumint', 'tinyint', 'int4', 'int8', 'int64', 'serial', 'bigserial', 'number', 'INT', 'int unsigned', 'int(11)'])('%s is an integer', (type) => {
    for (const database of databaseNames) expect(kindOf(database, { type })).toBe('integer')
  })

  it.each(['uuid', 'uniqueidentifier'])('%s is a uuid', (type) => {
    for (const database of databaseNames) expect(kindOf(database, { type })).toBe('uuid')
  })

  it.each(['text', 'varchar', 'character varying', 'nvarchar', 'varchar2', 'nvarchar2', 'string'])('%s is a text', (type) => {
    expect(databaseNames.map((database) => [database, kindOf(database, { type })])).toEqual([
      ['PostgreSQL', 'text'], ['MySQL', 'folded'], ['SQLite', 'text'], ['MSSQL', 'folded'], ['Oracle', 'text'], ['Spanner', 'text'], ['HANA', 'text'],
    ])
  })

  it.each(['interval', 'int4range', 'numeric', 'decimal', 'float', 'double', 'real', 'boolean', 'bit', 'char', 'character', 'nchar', 'bpchar', 'citext', 'date', 'timestamp', 'bytea', 'blob', 'binary', 'varbinary', 'enum', 'json', 'oid', 'money', 'xid'])(
    '%s has none',
    (type) => {
      for (const database of databaseNames) expect(kindOf(database, { type })).toBeUndefined()
    },
  )

  it('none where equality is what a collation says', () => {
    expect(kindOf('SQLite', { type: 'varchar', collation: 'NOCASE' })).toBeUndefined()
    expect(kindOf('PostgreSQL', { type: 'text', collation: 'ci' })).toBeUndefined()
    expect(kindOf('MySQL', { type: 'varchar', collation: 'utf8mb4_bin' })).toBe('folded')
    expect(kindOf('PostgreSQL', { type: 'int', isArray: true })).toBeUndefined()
  })

  it('of a reference is that of what it refers to', () => {
    expect(kindOf('SQLite', { type: 'varchar', referencedColumn: { type: 'int' } })).toBe('integer')
    expect(kindOf('SQLite', { type: 'varchar', referencedColumn: { type: 'varchar', collation: 'NOCASE' } })).toBeUndefined()
    expect(kindOf('SQLite', { type: 'varchar', collation: 'NOCASE', referencedColumn: { type: 'varchar' } })).toBeUndefined()
  })

  it('comes with its name', () => {
    expect(keyColumn({ databaseName: 'userId', type: 'int' } as Column, { driver } as unknown as DataSource, dialects.SQLite)).toEqual({ name: 'userId', kind: 'integer' })
  })
})

const text = (kind: KeyColumn['kind'], value: unknown): string | undefined => keyText({ name: 'id', kind }, value)

describe('integers', () => {
  it.each([
    [1, '1'], [0, '0'], [-0, '0'], [-5, '-5'], ['5', '5'], ['-5', '-5'], ['0', '0'], [5n, '5'], [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    ['9007199254740993', '9007199254740993'], [9_007_199_254_740_993n, '9007199254740993'],
  ])('%s', (value, expected) => {
    expect(text('integer', value)).toBe(expected)
  })

  it.each(['05', '-0', '+5', ' 5', '5 ', '5.0', '5e0', '0x5', '5abc', 'abc', '', '٥', 5.5, Number.NaN, Infinity, 2 ** 53, true, false, null, undefined, {}, [5], new Date(5), Buffer.from('5'), Symbol('5')])(
    'not %o',
    (value) => {
      expect(text('integer', value)).toBeUndefined()
    },
  )
})

describe('uuids', () => {
  const uuid = '6f9619ff-8b86-d011-b42d-00c04fc964ff'

  it('are the same in capitals', () => {
    expect([text('uuid', uuid), text('uuid', uuid.toUpperCase())]).toEqual([uuid, uuid])
  })

  it.each([`{${uuid}}`, uuid.replaceAll('-', ''), `${uuid}0`, ` ${uuid}`, uuid.slice(1), 5, Buffer.from(uuid)])('have no other text: %s', (value) => {
    expect(text('uuid', value)).toBeUndefined()
  })
})

describe('texts', () => {
  it.each(['abc', 'ABC', '', 'é', ' a', 'a  b', 'a\tb', "it's", '5', '05', '日本', '😀', 'x'.repeat(200)])('%j is itself', (value) => {
    expect(text('text', value)).toBe(value)
  })

  it.each(['a ', ' ', '\ud800', 'x'.repeat(201), 5, 5n, 1.5, true, null, undefined, {}, Buffer.from('a')])('%o has none', (value) => {
    expect(text('text', value)).toBeUndefined()
  })
})

describe('texts that a collation compares', () => {
  it.each(['é', 'a b', 'a ', ' a', '', 'a.b', 'a--b', '-a', 'a_', "a'b", 'ａ', 'ß', 'a\u0000', 'x'.repeat(201), 5, 5n, true, null, undefined])('%o has none', (value) => {
    expect(text('folded', value)).toBeUndefined()
  })

  /** Each of these was found equal by a collation of MariaDB, of ICU or of MSSQL. */
  it.each([
    ['any', 'abc', 'ABC'],
    ['any', 'Abc-Def_9', 'aBC-dEF_9'],
    ['lithuanian', 'bit', 'byt'],
    ['lithuanian', 'cat', 'chat'],
    ['lithuanian', 'ccs', 'chcs'],
    ['roman', 'iron', 'jron'],
    ['roman', 'us', 'vs'],
    ['Finnish_Swedish', 'vet', 'wet'],
    ['macce', 'man', 'nan'],
    ['Hungarian', 'ccs', 'cscs'],
    ['Hungarian', 'addza', 'adzdza'],
    ['Hungarian', 'ddzs', 'dzsdzs'],
    ['Hungarian', 'egGya', 'egyGya'],
    ['Hungarian', 'lly', 'lyly'],
    ['Hungarian', 'nny', 'nyny'],
    ['Hungarian', 'ssz', 'szsz'],
    ['Hungarian', 'tty', 'tyty'],
    ['Hungarian', 'zzs', 'zszs'],
  ])('%s: %s is %s', (_, one, other) => {
    const [a, b] = [text('folded', one), text('folded', other)]
    if (a !== undefined && b !== undefined) expect(a).toBe(b)
  })

  it('are told apart where all collations do', () => {
    const values = ['', 'de', 'fr', 'us', 'abc-1', 'abc-2', 'abc_1', 'abc1', '1', '01', '6f9619ff-8b86-d011-b42d-00c04fc964ff', '6f9619ff-8b86-d011-b42d-00c04fc964fe']
    expect(new Set(values.map((value) => text('folded', value))).size).toBe(values.length)
  })
})

it('no kind, no text', () => {
  expect([text(undefined, 5), text(undefined, 'a')]).toEqual([undefined, undefined])
})

describe('exact texts', () => {
  it('tell apart what may be equal', () => {
    const folded = { name: 'id', kind: 'folded' } as const
    expect([exactText(folded, 'Iron'), exactText(folded, 'jron'), exactText(folded, 'é'), exactText(folded, 5)]).toEqual(['Iron', 'jron', undefined, undefined])
  })

  it.each([['integer', 5, '5'], ['uuid', 'A', undefined], ['text', 'A', 'A'], ['text', 'a ', undefined]] as const)('are the others elsewhere: %s %s', (kind, value, expected) => {
    expect(exactText({ name: 'id', kind }, value)).toBe(expected)
  })
})
