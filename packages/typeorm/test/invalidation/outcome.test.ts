import { describe, expect, it } from 'vitest'
import { hasDoneNothing } from '../../src/invalidation/outcome.ts'
import { dialects } from '../support/sql.ts'

const UPDATE = 'UPDATE a SET b = 1'

describe('what a server refused', () => {
  it.each(['0A000', '21000', '22001', '22P02', '23502', '23505', '23P01', '25006', '25P02', '28000', '2F005', '34000', '3D000', '3F000', '40001', '40P01', '42601', '42P01', '44000', 'P0001'])('%s', (code) => {
    expect(hasDoneNothing({ code }, UPDATE, dialects.PostgreSQL)).toBe(true)
    expect(hasDoneNothing({ code: 'ER_SOMETHING', sqlState: code }, UPDATE, dialects.MySQL)).toBe(true)
  })
})

describe('what may have been done nevertheless', () => {
  it.each(['08006', '08003', '40003', '53300', '55P03', '57014', '57P01', '57P02', '58000', 'XX000', 'HY000', '70100', '00000', '01000', '45000', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'PROTOCOL_CONNECTION_LOST', '', '2300', '235055', 23505, undefined])(
    '%s',
    (code) => {
      expect(hasDoneNothing({ code }, UPDATE, dialects.PostgreSQL)).toBe(false)
      expect(hasDoneNothing({ code: 'ER_SOMETHING', sqlState: code }, UPDATE, dialects.MySQL)).toBe(false)
    },
  )

  it.each([undefined, null, 'lost', 5, new Error('lost'), Object.create(null)])('%s', (error) => {
    expect(hasDoneNothing(error, UPDATE, dialects.PostgreSQL)).toBe(false)
  })

  it.each(['UPDATE a SET b = 1; UPDATE c SET d = 1', 'BEGIN;UPDATE a SET b = 1;COMMIT;SELECT 1/0', 'INSERT INTO a VALUES (1);\n-- x'])('one of several: %s', (sql) => {
    expect(hasDoneNothing({ code: '23505' }, sql, dialects.PostgreSQL)).toBe(false)
    expect(hasDoneNothing({ sqlState: '23000' }, sql, dialects.MySQL)).toBe(false)
    expect(hasDoneNothing(new Error('no'), sql, dialects.SQLite)).toBe(false)
  })

  it.each(['INSERT OR FAIL INTO a VALUES (1), (2)', 'update or\nfail a SET b = 1'])('rows before the one that failed: %s', (sql) => {
    expect(hasDoneNothing(new Error('UNIQUE constraint failed'), sql, dialects.SQLite)).toBe(false)
  })
})

it('a database in this process cannot be lost', () => {
  expect(hasDoneNothing(new Error('UNIQUE constraint failed'), UPDATE, dialects.SQLite)).toBe(true)
  expect(hasDoneNothing(undefined, `${UPDATE};\n `, dialects.SQLite)).toBe(true)
})
