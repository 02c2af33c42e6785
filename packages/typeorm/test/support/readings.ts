import type { EntityTarget, FindManyOptions, FindOptionsRelations, ObjectLiteral } from 'typeorm'
import type { App } from './town.ts'
import { Category, Comment, Media, Photo, Post, Price, Profile, Standing, Tag, Team, User, Video } from './entities.ts'

/** Something that is read through the cache, and the same past it. */
export interface Reading {
  readonly name: string
  readonly cached: () => Promise<unknown>
  readonly fresh: () => Promise<unknown>
}

/** Reads of every kind over all that `seed` writes. */
export function readingsOf({ dataSource, orm }: App): readonly Reading[] {
  const find = <E extends ObjectLiteral>(name: string, target: EntityTarget<E>, options: FindManyOptions<E>): Reading => {
    const repository = dataSource.getRepository(target)
    return { name, cached: () => repository.find({ ...options, cache: true }), fresh: () => repository.find(options) }
  }
  const byId = <E extends ObjectLiteral>(name: string, target: EntityTarget<E>, ids: readonly unknown[], relations?: FindOptionsRelations<E>): Reading => {
    const repository = dataSource.getRepository(target)
    const { primaryColumns } = repository.metadata
    const where = (id: unknown): object => (typeof id === 'object' ? id as object : { [primaryColumns[0]!.propertyName]: id })
    return {
      name,
      cached: async () => (await orm.repository(target).findByIds(ids, { relations })).map(inOrder),
      fresh: async () => {
        const found: unknown[] = []
        for (const id of ids) found.push(await repository.findOne({ where: where(id), ...(relations && { relations }) }))
        return found.map(inOrder)
      },
    }
  }
  const users = dataSource.getRepository(User)
  const page = (): Promise<unknown> => users.findAndCount({ relations: { posts: true }, order: { id: 'ASC', posts: { id: 'ASC' } }, skip: 1, take: 2 })
  const cachedPage = (): Promise<unknown> =>
    users.findAndCount({ relations: { posts: true }, order: { id: 'ASC', posts: { id: 'ASC' } }, skip: 1, take: 2, cache: { id: 'page', milliseconds: 60_000 } })
  const totals = (cache: boolean): Promise<unknown> =>
    dataSource.getRepository(Post).createQueryBuilder('post').innerJoin('post.tags', 'tag')
      .select('tag.code', 'code').addSelect('COUNT(*)', 'posts').groupBy('tag.code').orderBy('tag.code').cache(cache).getRawMany()
  return [
    find('teams with members', Team, { relations: { members: true }, order: { id: 'ASC', members: { id: 'ASC' } } }),
    find('users with all', User, { relations: { team: true, profile: true, posts: { comments: true } }, order: { id: 'ASC', posts: { id: 'ASC', comments: { id: 'ASC' } } } }),
    find('users with those that were deleted', User, { withDeleted: true, order: { id: 'ASC' } }),
    find('users of a city', User, { where: { address: { city: 'York' } }, order: { id: 'ASC' } }),
    find('posts with tags', Post, { relations: { tags: true, author: true }, order: { id: 'ASC', tags: { code: 'ASC' } } }),
    find('tags with posts', Tag, { relations: { posts: true }, order: { code: 'ASC', posts: { id: 'ASC' } } }),
    find('comments', Comment, { order: { id: 'ASC' } }),
    find('profiles', Profile, { relations: { user: true }, order: { id: 'ASC' } }),
    find('prices', Price, { order: { product: 'ASC', country: 'ASC' } }),
    find('categories', Category, { relations: { parent: true, children: true }, order: { id: 'ASC', children: { id: 'ASC' } } }),
    find('media', Media, { order: { id: 'ASC' } }),
    find('photos', Photo, { order: { id: 'ASC' } }),
    find('standings', Standing, { order: { name: 'ASC' } }),
    { name: 'a page and its count', cached: cachedPage, fresh: page },
    { name: 'posts by tag', cached: () => totals(true), fresh: () => totals(false) },
    { name: 'how many videos', cached: () => dataSource.getRepository(Video).count({ cache: true }), fresh: () => dataSource.getRepository(Video).count() },
    byId('user by id', User, [1, 2, 3, 4]),
    byId('user by id, with relations', User, [1, 2, 3], { team: true, profile: true, posts: true }),
    byId('post by id, with relations', Post, [1, 2, 3, 4], { tags: true, author: { team: true }, comments: true }),
    byId('tag by id', Tag, ['news', 'cats', 'none'], { posts: true }),
    byId('price by id', Price, [{ product: 'pen', country: 'uk' }, { product: 'pen', country: 'us' }]),
    byId('category by id', Category, [1, 2, 3], { parent: true, children: true }),
    byId('media by id', Media, [1, 2]),
    byId('photo by id', Photo, [1, 2]),
  ]
}

/** A database gives the rows of a relation in any order. */
function inOrder(entity: unknown): unknown {
  if (typeof entity !== 'object' || entity === null) return entity
  for (const value of Object.values(entity) as unknown[]) {
    inOrder(value)
    if (Array.isArray(value)) value.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))
  }
  return entity
}
