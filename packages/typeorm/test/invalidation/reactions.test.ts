import { describe, expect, it } from 'vitest'
import { Changes } from '../../src/invalidation/changes.ts'
import { addReactions, addReferring } from '../../src/invalidation/reactions.ts'
import { type Dependent, Table } from '../../src/schema/table.ts'

const table = (name: string): Table => new Table(name, name, [{ name: 'id', kind: 'integer' }])

type Reaction = Pick<Dependent, 'onDelete' | 'onUpdate'>

/** `from` has a foreign key that refers to `to`. */
function refer(from: Table, to: Table, { onDelete, onUpdate }: Partial<Reaction>, columns = [`${to.name}id`], refersTo = ['id']): void {
  to.dependents.push({ table: from, columns, refersTo, onDelete, onUpdate })
}

type Cause = Parameters<typeof addReactions>[2]

function reactions(of: Table, cause: Cause): string[] {
  const changes = new Changes()
  addReactions(changes, of, cause)
  return changes.tags()
}

const removal: Cause = { removes: true, columns: [] }
const update = (...columns: string[]): Cause => ({ removes: false, columns })
const anyUpdate: Cause = { removes: false, columns: undefined }

describe('of one table', () => {
  it.each<[string, Partial<Reaction>, Cause, boolean]>([
    ['ON DELETE CASCADE, removed', { onDelete: 'remove' }, removal, true],
    ['ON DELETE CASCADE, changed', { onDelete: 'remove' }, anyUpdate, false],
    ['ON DELETE SET NULL, removed', { onDelete: 'change' }, removal, true],
    ['ON DELETE SET NULL, changed', { onDelete: 'change' }, anyUpdate, false],
    ['ON UPDATE CASCADE, its column', { onUpdate: 'change' }, update('name', 'id'), true],
    ['ON UPDATE CASCADE, another column', { onUpdate: 'change' }, update('name'), false],
    ['ON UPDATE CASCADE, any column', { onUpdate: 'change' }, anyUpdate, true],
    ['ON UPDATE CASCADE, removed', { onUpdate: 'change' }, removal, false],
    ['no action', {}, { removes: true, columns: undefined }, false],
  ])('%s', (_, reaction, cause, isChanged) => {
    const [users, posts] = [table('users'), table('posts')]
    refer(posts, users, reaction)
    expect(reactions(users, cause)).toEqual(isChanged ? ['posts', 'posts:*'] : [])
  })
})

describe('of what others refer to in turn', () => {
  it('goes on where rows are removed', () => {
    const [users, posts, comments, likes] = [table('users'), table('posts'), table('comments'), table('likes')]
    refer(posts, users, { onDelete: 'remove' })
    refer(comments, posts, { onDelete: 'remove' })
    refer(likes, comments, { onDelete: 'change' })
    expect(reactions(users, removal)).toEqual(['posts', 'posts:*', 'comments', 'comments:*', 'likes', 'likes:*'])
  })

  it('ends where rows only lose a reference that nothing refers to', () => {
    const [users, posts, comments] = [table('users'), table('posts'), table('comments')]
    refer(posts, users, { onDelete: 'change' })
    refer(comments, posts, { onDelete: 'remove', onUpdate: 'change' })
    expect(reactions(users, removal)).toEqual(['posts', 'posts:*'])
  })

  it('goes on where a changed reference is itself referred to', () => {
    const [users, profiles, photos] = [table('users'), table('profiles'), table('photos')]
    refer(profiles, users, { onDelete: 'remove', onUpdate: 'change' }, ['userid'])
    refer(photos, profiles, { onUpdate: 'change' }, ['profileid'], ['userid'])
    expect(reactions(users, update('id'))).toEqual(['profiles', 'profiles:*', 'photos', 'photos:*'])
    expect(reactions(users, update('name'))).toEqual([])
  })

  it('by every one of several references', () => {
    const [users, posts, comments] = [table('users'), table('posts'), table('comments')]
    refer(posts, users, { onDelete: 'change' }, ['editorid'])
    refer(posts, users, { onDelete: 'remove' }, ['authorid'])
    refer(comments, posts, { onDelete: 'remove' })
    expect(reactions(users, removal)).toEqual(['posts', 'posts:*', 'comments', 'comments:*'])
  })

  it('comes to an end in circles', () => {
    const [users, teams] = [table('users'), table('teams')]
    refer(users, users, { onDelete: 'remove', onUpdate: 'change' }, ['parentid'])
    refer(teams, users, { onDelete: 'change', onUpdate: 'change' }, ['ownerid'])
    refer(users, teams, { onDelete: 'remove', onUpdate: 'change' }, ['teamid'])
    expect(reactions(users, { removes: true, columns: undefined })).toEqual(['users', 'users:*', 'teams', 'teams:*'])
  })
})

describe('of a junction table', () => {
  const junction = (one: Table, other: Table): Table => {
    const made = table(`${one.name}_${other.name}`)
    for (const side of [one, other]) {
      refer(made, side, { onDelete: 'remove', onUpdate: 'change' })
      made.sides.push({ table: side, columns: [{ name: `${side.name}id`, kind: 'integer' }] })
    }
    return made
  }

  it('reaches the rows at its other end', () => {
    const [posts, tags] = [table('posts'), table('tags')]
    junction(posts, tags)
    expect(reactions(posts, removal)).toEqual(['posts_tags', 'posts_tags:*', 'tags:*'])
    expect(reactions(tags, update('id'))).toEqual(['posts_tags', 'posts_tags:*', 'posts:*'])
  })

  it('of a table with itself reaches the others of it', () => {
    const posts = table('posts')
    junction(posts, posts)
    expect(reactions(posts, removal)).toEqual(['posts_posts', 'posts_posts:*', 'posts:*'])
  })
})

describe('of TRUNCATE ... CASCADE', () => {
  it('reaches all that refers to it, whatever its references say', () => {
    const [users, posts, comments, others] = [table('users'), table('posts'), table('comments'), table('others')]
    refer(posts, users, {})
    refer(comments, posts, { onDelete: 'change' })
    refer(users, comments, {})
    refer(users, others, {})
    const changes = new Changes()
    addReferring(changes, users)
    expect(changes.tags()).toEqual(['posts', 'posts:*', 'comments', 'comments:*', 'users', 'users:*'])
  })

  it('reaches the ends of a junction table', () => {
    const [posts, tags, both] = [table('posts'), table('tags'), table('both')]
    refer(both, posts, { onDelete: 'remove' })
    both.sides.push({ table: posts, columns: [] }, { table: tags, columns: [] })
    const changes = new Changes()
    addReferring(changes, posts)
    expect(changes.tags()).toEqual(['both', 'both:*', 'posts:*', 'tags:*'])
  })
})
