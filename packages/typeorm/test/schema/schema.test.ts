import type { DataSource, EntityMetadata } from 'typeorm'
import { describe, expect, it } from 'vitest'
import { Schema } from '../../src/schema/schema.ts'

const entity = (tablePath: string, tableName = tablePath.split('.').at(-1)!) =>
  ({ tablePath, tableName, tableType: 'regular', primaryColumns: [], foreignKeys: [], isJunction: false }) as unknown as EntityMetadata

const schemaOf = (type: string): Schema => new Schema({
  options: { type },
  // TypeORM takes a name with a dot for a path.
  entityMetadatas: [entity('users'), entity('public.users'), entity('other.users'), entity('app.notes', 'app.notes'), entity('posts')],
} as unknown as DataSource)

const schema = schemaOf('postgres')

describe('a name in SQL', () => {
  it.each([
    ['users', undefined, ['users', 'public.users', 'other.users']],
    ['USERS', undefined, ['users', 'public.users', 'other.users']],
    // A path that says less may be of the same table.
    ['users', 'public', ['users', 'public.users']],
    ['users', 'Other', ['users', 'other.users']],
    ['users', 'db.other', ['users', 'other.users']],
    ['users', 'third', ['users']],
    ['posts', 'public', ['posts']],
    ['notes', 'app', ['app.notes']],
    ['notes', undefined, ['app.notes']],
    ['notes', 'third', ['app.notes']],
    ['nobody', undefined, ['nobody']],
  ])('%s of %s', (name, qualifier, expected) => {
    expect(schema.find({ name, qualifier }).map(({ path }) => path)).toEqual(expected)
  })
})

describe('what a query reads', () => {
  it.each([
    ['SELECT 1 FROM posts, nobody', ['posts', 'nobody']],
    ['SELECT 1 FROM "app"."notes"', ['app.notes']],
    ['SELECT 1 FROM "app.notes"', ['app.notes']],
    ["SELECT 1 FROM users JOIN \"posts\" ON 'app.notes' = 1", ['users', 'public.users', 'other.users', 'posts', 'app.notes']],
    ['SELECT 1', []],
  ])('%s', (sql, expected) => {
    expect(schema.reads.of(sql).map(({ path }) => path)).toEqual(expected)
  })
})

it('a table of SQLite may be written as a text', () => {
  expect(schemaOf('sqljs').reads.of("SELECT 1 FROM 'posts'").map(({ path }) => path)).toEqual(['posts'])
})
