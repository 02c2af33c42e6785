import { describe, expect, it } from 'vitest'
import { Changes } from '../../src/invalidation/changes.ts'
import { Table } from '../../src/schema/table.ts'

const [users, posts] = [new Table('users', 'users'), new Table('app.posts', 'posts')]
const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => `${i}`)

function after(...steps: ((changes: Changes) => void)[]): string[] {
  const changes = new Changes()
  for (const step of steps) step(changes)
  return changes.tags()
}

describe('tags', () => {
  it('of rows are theirs, and that of the table', () => {
    expect(after((c) => c.rows(users, ['1', '2']))).toEqual(['users', 'users:1', 'users:2'])
    expect(after((c) => c.rows(users, ['1']), (c) => c.rows(users, ['1', '2']), (c) => c.rows(posts, ['1']))).toEqual(['users', 'users:1', 'users:2', 'app.posts', 'app.posts:1'])
  })

  it('of rows alone are theirs', () => {
    expect(after((c) => c.rowsAlone(users, ['1']))).toEqual(['users:1'])
    expect(after((c) => c.rowsAlone(users, ['1']), (c) => c.added(users))).toEqual(['users', 'users:1'])
  })

  it('of every row stand for all of them', () => {
    expect(after((c) => c.every(users))).toEqual(['users', 'users:*'])
    expect(after((c) => c.everyRowAlone(users))).toEqual(['users:*'])
    expect(after((c) => c.everyRowAlone(users), (c) => c.rows(users, ['1']))).toEqual(['users', 'users:*', 'users:1'])
  })

  it('of rows that are not known is that of the table', () => {
    expect(after((c) => c.added(users))).toEqual(['users'])
    expect(after((c) => c.rows(users, []))).toEqual(['users'])
  })

  it('of many rows are those of every row', () => {
    expect(after((c) => c.rows(users, numbers(100)))).toHaveLength(101)
    expect(after((c) => c.rows(users, numbers(101)))).toEqual(['users', 'users:*'])
    expect(after((c) => c.rows(users, numbers(100)), (c) => c.rows(users, numbers(100)))).toHaveLength(101)
    expect(after((c) => c.rows(users, numbers(100)), (c) => c.rowsAlone(users, ['a']))).toEqual(['users', 'users:*'])
  })
})

it('takes over all that another has', () => {
  const other = new Changes()
  other.rows(users, ['2'])
  other.everyRowAlone(posts)
  expect(after((c) => c.rowsAlone(users, ['1']), (c) => c.merge(other))).toEqual(['users', 'users:1', 'users:2', 'app.posts:*'])
  const many = new Changes()
  many.rowsAlone(users, numbers(60))
  const more = new Changes()
  more.rowsAlone(users, numbers(120).slice(60))
  expect(after((c) => c.merge(many), (c) => c.merge(more))).toEqual(['users:*'])
  expect(other.tags()).toEqual(['users', 'users:2', 'app.posts:*'])
})

it('is empty at first', () => {
  const changes = new Changes()
  expect(changes.isEmpty).toBe(true)
  changes.rows(users, [])
  expect(changes.isEmpty).toBe(false)
})
