import { describe, expect, it } from 'vitest'
import { Changes } from '../../src/invalidation/changes.ts'
import { addEverything, addWrite } from '../../src/invalidation/changes-of-write.ts'
import type { KeyColumn } from '../../src/schema/key-column.ts'
import type { Schema } from '../../src/schema/schema.ts'
import { Table } from '../../src/schema/table.ts'
import { effectsOf } from '../../src/sql/effects.ts'
import { type DatabaseName, dialects } from '../support/sql.ts'

const id: KeyColumn = { name: 'id', kind: 'integer' }
const tables = {
  users: new Table('users', 'users', [id]),
  posts: new Table('posts', 'posts', [id]),
  tags: new Table('tags', 'tags', [{ name: 'code', kind: 'text' }]),
  post_tags: new Table('post_tags', 'post_tags', [{ name: 'postId', kind: 'integer' }, { name: 'tagCode', kind: 'text' }]),
  prices: new Table('prices', 'prices', [{ name: 'product', kind: 'text' }, { name: 'country', kind: 'text' }]),
  standings: new Table('standings', 'standings'),
  best: new Table('best', 'best'),
  bare: new Table('bare', 'bare'),
}
tables.users.dependents.push({ table: tables.posts, columns: ['authorid'], refersTo: ['id'], onDelete: 'remove', onUpdate: 'change' })
for (const [side, name, column] of [[tables.posts, 'postId', 'id'], [tables.tags, 'tagCode', 'code']] as const) {
  side.dependents.push({ table: tables.post_tags, columns: [name.toLowerCase()], refersTo: [column], onDelete: 'remove', onUpdate: 'change' })
  tables.post_tags.sides.push({ table: side, columns: [{ name, kind: side.key[0]!.kind }] })
}
tables.standings.bases.push(tables.users)
tables.best.bases.push(tables.standings, tables.best)

const schemaOf = (database: DatabaseName): Schema => ({
  dialect: dialects[database],
  tables: Object.values(tables),
  find: ({ name }: { name: string }) => Object.values(tables).filter((table) => table.name === name),
}) as unknown as Schema

function tagsOf(database: DatabaseName, sql: string, parameters: readonly unknown[] = []): string[] {
  const changes = new Changes()
  for (const effect of effectsOf(sql, dialects[database])) if (effect.kind === 'write') addWrite(changes, effect.write, schemaOf(database), parameters)
  return changes.tags().toSorted()
}

const every = (...names: string[]): string[] => names.flatMap((name) => [name, `${name}:*`]).toSorted()

describe('INSERT', () => {
  it.each<[DatabaseName, string, string[]]>([
    ['SQLite', 'INSERT INTO users (id) VALUES (1), (2)', ['users', 'users:1', 'users:2']],
    ['SQLite', 'INSERT INTO users (name) VALUES (1)', ['users']],
    ['SQLite', 'INSERT INTO users SELECT * FROM posts', ['users']],
    ['SQLite', 'INSERT INTO bare (id) VALUES (1)', ['bare']],
    ['SQLite', 'INSERT INTO bare (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET a = 1', every('bare')],
    ['SQLite', 'INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO NOTHING', ['users', 'users:1']],
    ['SQLite', 'INSERT INTO tags (code) VALUES (1.50)', ['tags']],
    // What is in the way is changed: by its key, one row; by anything else, any.
    ['PostgreSQL', "INSERT INTO prices (product, country) VALUES ('pen', 'uk') ON CONFLICT (country, product) DO UPDATE SET amount = 1", ['prices', 'prices:pen:uk']],
    ['PostgreSQL', "INSERT INTO prices (product, country) VALUES ('pen', 'uk') ON CONFLICT (product) DO UPDATE SET amount = 1", every('prices')],
    ['PostgreSQL', "INSERT INTO prices (product, country) VALUES ('pen ', 'uk') ON CONFLICT (product, country) DO UPDATE SET amount = 1", every('prices')],
    ['PostgreSQL', "INSERT INTO prices (product) SELECT 'pen' ON CONFLICT (product, country) DO UPDATE SET amount = 1", every('prices')],
    ['MySQL', "INSERT INTO prices (product, country) VALUES ('pen', 'uk') ON DUPLICATE KEY UPDATE amount = 1", every('prices')],
    ['SQLite', 'REPLACE INTO prices VALUES (1, 2, 3)', every('prices')],
    // And what refers to it is removed or changed.
    ['SQLite', 'REPLACE INTO users (id) VALUES (1)', [...every('post_tags', 'posts', 'users'), 'tags:*'].toSorted()],
    ['PostgreSQL', 'INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET id = 2', [...every('post_tags', 'posts'), 'tags:*', 'users', 'users:1'].toSorted()],
  ])('%s: %s', (database, sql, expected) => {
    expect(tagsOf(database, sql)).toEqual(expected)
  })
})

describe('UPDATE', () => {
  it.each<[DatabaseName, string, string[]]>([
    ['SQLite', 'UPDATE users SET name = 1 WHERE id = 5', ['users', 'users:5']],
    ['SQLite', 'UPDATE users SET name = 1 WHERE id IN (5, 6)', ['users', 'users:5', 'users:6']],
    ['SQLite', 'UPDATE users SET name = 1', every('users')],
    ['SQLite', 'UPDATE users SET id = 6 WHERE id = 5', [...every('posts'), 'users', 'users:5'].toSorted()],
    ['PostgreSQL', 'UPDATE users SET "ID" = 6 WHERE id = 5', [...every('posts'), 'users', 'users:5'].toSorted()],
    ['SQLite', 'UPDATE users SET (a, id) = (1, 2) WHERE id = 5', [...every('posts'), 'users', 'users:5'].toSorted()],
    ['SQLite', 'UPDATE OR REPLACE users SET name = 1 WHERE id = 5', [...every('post_tags', 'posts', 'users'), 'tags:*'].toSorted()],
    ['MySQL', 'UPDATE prices, bare SET amount = 1', every('bare', 'prices')],
  ])('%s: %s', (database, sql, expected) => {
    expect(tagsOf(database, sql)).toEqual(expected)
  })
})

describe('DELETE, MERGE, TRUNCATE', () => {
  it.each<[DatabaseName, string, string[]]>([
    ['SQLite', 'DELETE FROM prices WHERE product = ? AND country = ?', ['prices', 'prices:pen:uk']],
    ['SQLite', 'DELETE FROM users WHERE id = 5', [...every('post_tags', 'posts'), 'tags:*', 'users', 'users:5'].toSorted()],
    ['SQLite', 'DELETE FROM posts WHERE id = 5', ['post_tags', 'post_tags:*', 'posts', 'posts:5', 'tags:*']],
    ['PostgreSQL', 'MERGE INTO users USING bare ON users.id = 5 WHEN MATCHED THEN UPDATE SET id = 6', [...every('post_tags', 'posts', 'users'), 'tags:*'].toSorted()],
    ['PostgreSQL', 'TRUNCATE users', [...every('post_tags', 'posts', 'users'), 'tags:*'].toSorted()],
    ['PostgreSQL', 'TRUNCATE users CASCADE', [...every('post_tags', 'posts', 'users'), 'tags:*'].toSorted()],
    ['PostgreSQL', 'TRUNCATE prices CASCADE', every('prices')],
  ])('%s: %s', (database, sql, expected) => {
    expect(tagsOf(database, sql, ['pen', 'uk'])).toEqual(expected)
  })
})

describe('the ends of a junction table', () => {
  it.each([
    ["INSERT INTO post_tags (postId, tagCode) VALUES (1, 'a'), (2, 'b')", ['post_tags', 'post_tags:1:a', 'post_tags:2:b', 'posts:1', 'posts:2', 'tags:a', 'tags:b']],
    ["INSERT INTO post_tags (postId, tagCode) SELECT 1, 'a'", ['post_tags', 'posts:*', 'tags:*']],
    ["DELETE FROM post_tags WHERE postId = 1 AND tagCode = 'a'", ['post_tags', 'post_tags:1:a', 'posts:1', 'tags:a']],
    ['DELETE FROM post_tags WHERE postId = 1', ['post_tags', 'post_tags:*', 'posts:1', 'tags:*']],
    ['DELETE FROM post_tags', ['post_tags', 'post_tags:*', 'posts:*', 'tags:*']],
    // Also those that are named after.
    ['UPDATE post_tags SET postId = 2 WHERE postId = 1', ['post_tags', 'post_tags:*', 'posts:*', 'tags:*']],
    ["UPDATE post_tags SET tagCode = 'b' WHERE postId = 1 AND tagCode = 'a'", ['post_tags', 'post_tags:1:a', 'posts:*', 'tags:*']],
    ["INSERT INTO post_tags (postId, tagCode) VALUES (1, 'a') ON CONFLICT (postId, tagCode) DO UPDATE SET tagCode = 'b'", ['post_tags', 'post_tags:1:a', 'posts:*', 'tags:*']],
    ["REPLACE INTO post_tags (postId, tagCode) VALUES (1, 'a')", ['post_tags', 'post_tags:*', 'posts:*', 'tags:*']],
    ["INSERT OR IGNORE INTO post_tags (postId, tagCode) VALUES (1, 'a')", ['post_tags', 'post_tags:1:a', 'posts:1', 'tags:a']],
  ])('%s', (sql, expected) => {
    expect(tagsOf('SQLite', sql)).toEqual(expected)
  })
})

describe('views', () => {
  const behind = [...every('post_tags', 'posts', 'users'), 'tags:*']

  it.each([
    ['UPDATE standings SET total = 1', [...every('standings'), ...behind].toSorted()],
    ['DELETE FROM standings', [...every('standings'), ...behind].toSorted()],
    // One over another, and over itself.
    ['INSERT INTO best (a) VALUES (1)', [...every('best', 'standings'), ...behind].toSorted()],
  ])('hand on what is written to them: %s', (sql, expected) => {
    expect(tagsOf('PostgreSQL', sql)).toEqual(expected)
  })
})

it('everything is every row of every table', () => {
  const changes = new Changes()
  addEverything(changes, schemaOf('SQLite'))
  expect(changes.tags().toSorted()).toEqual(every(...Object.keys(tables)))
})
