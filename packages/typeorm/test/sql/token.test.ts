import { describe, expect, it } from 'vitest'
import { readingsOf } from '../../src/sql/reading.ts'
import { type Token, tokensOf } from '../../src/sql/token.ts'
import { type DatabaseName, databaseNames, dialects } from '../support/sql.ts'

const MARKS: Readonly<Record<Token['kind'], (token: Token) => string>> = {
  word: ({ text }) => text,
  name: ({ text }) => `[${text}]`,
  string: ({ text }) => `'${text}'`,
  either: ({ text }) => `"${text}"`,
  number: ({ text }) => `${text}`,
  parameter: ({ index }) => `#${index}`,
  symbol: ({ text }) => `<${text}>`,
}

/** Tokens in a few characters each. */
const tokens = (database: DatabaseName, sql: string): string => tokensOf(sql, dialects[database]).map((token) => MARKS[token.kind](token)).join(' ')

describe('words and numbers', () => {
  it.each<[DatabaseName, string, string]>([
    ['PostgreSQL', 'SELECT a1,_b$c\n\tFROM Ünïcode', 'SELECT a1 <,> _b$c FROM Ünïcode'],
    ['PostgreSQL', '1 1.5 .5 1e3 1.5E-3 2.', '1 1.5 .5 1e3 1.5E-3 2.'],
    ['PostgreSQL', '0x1F 1_000', '0 x1F 1 _000'],
    ['PostgreSQL', 'a.1', 'a .1'],
    ['PostgreSQL', '1AND 2', '1 AND 2'],
    ['MySQL', '2fa_codes', '2fa_codes'],
    ['MySQL', 'app.2fa_codes', 'app <.> 2fa_codes'],
    ['MySQL', 'id=1 LIMIT 1,2', 'id <=> 1 LIMIT 1 <,> 2'],
    ['MySQL', '1e5 1.5e3 0x1F 0b1', '1e5 1.5e3 0 x1F 0 b1'],
    ['MySQL', '$a', '$a'],
    ['MSSQL', '#temp a#b a@b', '#temp a#b a@b'],
    ['Oracle', 'emp#1 err$_t', 'emp#1 err$_t'],
    ['SQLite', 'a#b', 'a <#> b'],
  ])('%s: %s', (database, sql, expected) => {
    expect(tokens(database, sql)).toBe(expected)
  })
})

describe('comments', () => {
  it.each(databaseNames)('%s: of one line, and of several', (database) => {
    expect(tokens(database, "a -- it's; \"\n/* DELETE ' \n */ b /**/ c -- d")).toBe('a b c')
  })

  it.each<[DatabaseName, string, string]>([
    ['PostgreSQL', 'a /* b /* c */ d */ e', 'a e'],
    ['MSSQL', 'a /* b /* c */ d */ e', 'a e'],
    ['SQLite', 'a /* b /* c */ d', 'a d'],
    ['Oracle', 'a /* b /* c */ d', 'a d'],
    ['MySQL', 'a /* b /* c */ d', 'a d'],
    ['PostgreSQL', 'a /* b /* c */ d', 'a'],
    ['SQLite', 'a /* b', 'a'],
    ['MySQL', 'a # b\nc', 'a c'],
    ['Spanner', 'a # b\nc', 'a c'],
    ['PostgreSQL', 'a # b', 'a <#> b'],
    ['MySQL', 'a --b', 'a <-> <-> b'],
    ['MySQL', 'a --\tb\nc --\u0001d\ne --', 'a c e'],
    ['PostgreSQL', 'a --b', 'a'],
    ['MySQL', 'a /*!40000 b */ c', 'a b c'],
    ['MySQL', 'a /*! b */ c /*M!100100 d */ e', 'a b c d e'],
    ['MySQL', 'a /*! b /* c */ d */ e', 'a b d e'],
    ['MySQL', 'a /*+ b */ c', 'a c'],
    ['PostgreSQL', 'a /*! b */ c', 'a c'],
    ['PostgreSQL', 'a -- b\rc', 'a c'],
    ['SQLite', 'a -- b\rc', 'a'],
  ])('%s: %s', (database, sql, expected) => {
    expect(tokens(database, sql)).toBe(expected)
  })
})

describe('strings', () => {
  it.each(databaseNames)('%s: quotes within are doubled', (database) => {
    expect(tokens(database, "'it''s -- ; /* no */' 'b'")).toBe("'it's -- ; /* no */' 'b'")
  })

  it.each<[DatabaseName, string, string]>([
    ['PostgreSQL', "'a\\' b", "'a\\' b"],
    ['SQLite', "'a\\' b", "'a\\' b"],
    ['MySQL', "'a\\' b' c", "'a\\' b' c"],
    ['MySQL', "'a\\\\' b", "'a\\\\' b"],
    ['Spanner', "'a\\' b' c", "'a\\' b' c"],
    ['PostgreSQL', "E'a\\' b' c", "<'> c"],
    ['PostgreSQL', "e'a\\\\' c", "<'> c"],
    ['PostgreSQL', "name 'a\\' b", "name 'a\\' b"],
    ['PostgreSQL', "E 'a'", "E 'a'"],
    ['PostgreSQL', "B'1' X'1f' N'a' U&'a'", "<'> <'> <'> U <&> 'a'"],
    ['MSSQL', "N'it''s' b", "<'> b"],
    ['MySQL', "_utf8'a' b", "_utf8 'a' b"],
    ['PostgreSQL', "$$it's; -- $1$$ b", "'it's; -- $1' b"],
    ['PostgreSQL', '$a$ $b$ $$ $a$ c', "' $b$ $$ ' c"],
    ['PostgreSQL', 'a$b$c$d$', 'a$b$c$d$'],
    ['PostgreSQL', '$$ never closed', "' never closed'"],
    ['MySQL', '$$ a', '$$ a'],
    ['Oracle', "q'[it's]' b nq'{a}' Q'!it's!' q'<'>' c", "<'> b <'> <'> <'> c"],
    ['Oracle', "q '[a]'", "q '[a]'"],
    ['PostgreSQL', "q'[a' b", "q '[a' b"],
    ['Oracle', "q'[never", "<'>"],
    ['HANA', "q'[it's]'", "<'>"],
    ['Spanner', "'''it's \"b\"\\''' ''' c \"\"\"it's\"\"\" d", "<'> c <'> d"],
    ['PostgreSQL', "'never closed", "'never closed'"],
    ['PostgreSQL', "'", "''"],
  ])('%s: %s', (database, sql, expected) => {
    expect(tokens(database, sql)).toBe(expected)
  })
})

describe('quoted names', () => {
  it.each<[DatabaseName, string, string]>([
    ['PostgreSQL', '"a ""b"" -- c"."d.e"', '[a "b" -- c] <.> [d.e]'],
    ['PostgreSQL', '"a\\" b', '[a\\] b'],
    ['PostgreSQL', '"never', '[never]'],
    ['SQLite', '"a" `b``c` [d e]', '[a] [b`c] [d e]'],
    ['MSSQL', '[a]]b].[c d] "e"', '[a]b] <.> [c d] [e]'],
    ['MySQL', '`a``b`', '[a`b]'],
    ['MySQL', '"a\\"b" "c""d"', '"a\\"b" "c"d"'],
    ['Spanner', '`a` "b"', '[a] "b"'],
    ['PostgreSQL', 'a[1]', 'a <[> 1 <]>'],
    ['MySQL', 'a[1]', 'a <[> 1 <]>'],
    ['Oracle', '"Ab"', '[Ab]'],
    ['PostgreSQL', 'a ` b', 'a <`> b'],
    ['PostgreSQL', 'U&"d\\0061t\\+000061\\\\" b', '[data\\] b'],
    ['PostgreSQL', "u&\"!0061\" UESCAPE '!' b", '[a] b'],
    ['PostgreSQL', 'U & "a"', 'U <&> [a]'],
    ['SQLite', 'u&"a"', 'u <&> [a]'],
  ])('%s: %s', (database, sql, expected) => {
    expect(tokens(database, sql)).toBe(expected)
  })
})

describe('parameters', () => {
  it.each<[DatabaseName, string, string]>([
    ['PostgreSQL', "$2, $1, '$3' -- $4", "#1 <,> #0 <,> '$3'"],
    ['PostgreSQL', 'a ? b @> c :: d', 'a <?> b <@> <>> c <:> <:> d'],
    ['MySQL', '? + ?', '#0 <+> #1'],
    ['MySQL', '?? = ?', '#-1 <=> #1'],
    // Some drivers put parameters into strings and comments, others do not.
    ['MySQL', "? 'why?' ?", "#0 'why?' #-1"],
    ['MySQL', '? `why?` ?', '#0 [why?] #-1'],
    ['MySQL', '? -- why?\n ?', '#0 #-1'],
    ['MySQL', '? /*+ ? */ ?', '#0 #-1'],
    ['MySQL', "? E'?' ?", "#0 <'> #-1"],
    ['SQLite', "? '?' ?", "#0 '?' #1"],
    ['SQLite', '?2 ?1', '#1 #0'],
    // What comes behind these is counted on from the highest.
    ['SQLite', '? ?3 ?', '#0 #2 #-1'],
    ['SQLite', ':a ?', '#-1 #-1'],
    ['SQLite', '@a ?', '#-1 #-1'],
    ['SQLite', '$a ?', '#-1 #-1'],
    ['SQLite', ': ?', '<:> #0'],
    ['HANA', '? :a ?', '#0 <:> a #1'],
    ['MSSQL', '@0 @12 @name @@rowcount @1a', '#0 #12 #-1 #-1 #-1'],
    ['Spanner', '@param0 @{hint}', '#-1 <@> <{> hint <}>'],
    // By position, whatever they are called.
    ['Oracle', ':2 :1 :name', '#0 #1 #2'],
    ['Oracle', 'a := :1', 'a <:> <=> #0'],
  ])('%s: %s', (database, sql, expected) => {
    expect(tokens(database, sql)).toBe(expected)
  })
})

it('takes any text, to its end', () => {
  const pieces = ["'", '"', '`', '[', ']', '(', ')', '--', '/*', '*/', '/*!', '\\', '$$', '$a$', "E'", "q'", 'U&"', '?', '$1', '@0', ':1', ';', '.', '#', '\r', '\n', ' ', 'a', '1', '\u00a0', "'''"]
  for (const database of databaseNames) {
    for (const a of pieces) for (const b of pieces) for (const c of pieces) {
      const sql = `${a}${b}${c}${a}`
      for (const reading of readingsOf(sql, dialects[database])) expect(tokensOf(sql, dialects[database], reading).length).toBeLessThanOrEqual(sql.length)
    }
  }
})

describe('readings', () => {
  it('differ in what a space is', () => {
    const texts = readingsOf('a \u00a0b\u3000c', dialects.SQLite).map((reading) => tokensOf('a \u00a0b\u3000c', dialects.SQLite, reading).map(({ text }) => text))
    expect(texts).toEqual([['a', 'b', 'c'], ['a', '\u00a0b\u3000c']])
  })

  it.each<[DatabaseName, string, number]>([
    ['MySQL', "SELECT 'a''b'", 1],
    ['MySQL', "SELECT 'a\\'b'", 2],
    ['MySQL', 'SELECT "a\\"', 2],
    ['PostgreSQL', "SELECT 'a\\'", 2],
    ['SQLite', "SELECT 'a\\'", 1],
    ['MySQL', 'SELECT /*!1 */ 1', 2],
    ['MySQL', 'SELECT /*M!1 */ 1', 2],
    ['PostgreSQL', 'SELECT /*!1 */ 1', 1],
    ['SQLite', 'SELECT 1 -- a\r\n', 1],
    ['SQLite', 'SELECT 1 -- a\r b', 2],
    ['SQLite', 'SELECT 1 \r b', 1],
    ['SQLite', 'SELECT\u00a01', 2],
    ['MySQL', "SELECT\u00a0'\\'' /*! -- \r a */", 16],
  ])('%s: %j has %i', (database, sql, count) => {
    expect(readingsOf(sql, dialects[database])).toHaveLength(count)
  })
})
