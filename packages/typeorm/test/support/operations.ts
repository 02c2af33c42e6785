import type { EntityManager } from 'typeorm'
import { Category, Comment, Photo, Post, Price, Tag, Team, User } from './entities.ts'

/** A write, over the rows of `seed`. */
export interface Operation {
  readonly name: string
  readonly run: (manager: EntityManager) => Promise<unknown>
  /** Default: every database has it. */
  readonly only?: readonly string[]
  /** These commit it whatever the transaction does. */
  readonly committedBy?: readonly string[]
  /** It writes nothing. */
  readonly isIdle?: boolean
}

const POSTGRES = ['PostgreSQL']
const address = { street: 'New St', city: 'York' }

/** SQL by hand, with names quoted as the database has it. */
const raw = (m: EntityManager, sql: string): Promise<unknown> =>
  m.query(m.dataSource.options.type === 'mariadb' ? sql.replaceAll('"', '`') : sql)

/** Every way to write. */
export const operations: readonly Operation[] = [
  { name: 'save, new', run: (m) => m.save(User, { name: 'new', address }) },
  { name: 'save, new, with what cascades', run: (m) => m.save(Post, { title: 'new', tags: [{ code: 'birds', label: 'Birds' }], comments: [{ text: 'first' }] }) },
  { name: 'save, changed', run: (m) => m.save(User, { id: 1, name: 'ada l.', score: 1, address }) },
  { name: 'save, partial', run: (m) => m.save(User, { id: 2, score: 20 }) },
  { name: 'save, a relation', run: (m) => m.save(User, { id: 3, team: { id: 1 } }) },
  { name: 'save, an embedded column', run: (m) => m.save(User, { id: 2, address: { street: 'Main St', city: 'York' } }) },
  { name: 'save, unchanged', run: (m) => m.save(User, { id: 1, name: 'ada' }), isIdle: true },
  { name: 'save, only many-to-many', run: (m) => m.save(Post, { id: 1, tags: [{ code: 'dogs' }] }) },
  { name: 'save, without listeners', run: (m) => m.save(User, { id: 1, name: 'silent' }, { listeners: false }) },
  { name: 'save, several', run: (m) => m.save(User, [{ id: 1, name: 'one' }, { name: 'four', address }]) },
  { name: 'save, single-table inheritance', run: (m) => m.save(Photo, { id: 1, title: 'larger', width: 20 }) },
  { name: 'save, a tree', run: async (m) => m.save(Category, { name: 'twig', parent: await m.findOneByOrFail(Category, { id: 1 }) }) },
  { name: 'save, moved in a tree', run: async (m) => m.save(Category, Object.assign(await m.findOneByOrFail(Category, { id: 3 }), { parent: { id: 1, name: 'root' } })) },
  { name: 'insert', run: (m) => m.insert(Team, { name: 'green' }) },
  { name: 'insert, several', run: (m) => m.insert(Tag, [{ code: 'none', label: 'None' }, { code: 'fish', label: 'Fish' }]) },
  { name: 'insert, by query builder', run: (m) => m.createQueryBuilder().insert().into(Price).values({ product: 'pen', country: 'us', amount: 3 }).execute() },
  { name: 'insert, without listeners', run: (m) => m.createQueryBuilder().insert().into(Team).values({ name: 'x' }).callListeners(false).execute() },
  { name: 'upsert, there', run: (m) => m.upsert(Price, { product: 'pen', country: 'uk', amount: 9 }, ['product', 'country']) },
  { name: 'upsert, not there', run: (m) => m.upsert(Price, { product: 'pen', country: 'us', amount: 9 }, ['product', 'country']) },
  { name: 'update, by id', run: (m) => m.update(User, 1, { name: 'by id' }) },
  { name: 'update, by criteria', run: (m) => m.update(User, { address: { city: 'York' } }, { score: 7 }) },
  { name: 'update, by a composite key', run: (m) => m.update(Price, { product: 'pen', country: 'uk' }, { amount: 5 }) },
  { name: 'update, by a renamed key', run: (m) => m.update(Tag, 'news', { label: 'Latest' }) },
  { name: 'update, of a key', run: (m) => m.update(Tag, 'dogs', { code: 'none' }) },
  { name: 'update, of all', run: (m) => m.updateAll(Team, { name: 'same' }) },
  { name: 'update, by query builder', run: (m) => m.createQueryBuilder().update(Post).set({ title: 'set' }).where('id IN (:...ids)', { ids: [1, 2] }).execute() },
  { name: 'update, without listeners', run: (m) => m.createQueryBuilder().update(Post).set({ title: 'set' }).where('title LIKE :t', { t: 'f%' }).callListeners(false).execute() },
  { name: 'increment', run: (m) => m.increment(User, { id: 2 }, 'score', 5) },
  { name: 'decrement', run: (m) => m.decrement(User, { name: 'ada' }, 'score', 5) },
  { name: 'relation().add', run: (m) => m.createQueryBuilder().relation(Post, 'tags').of(3).add('dogs') },
  { name: 'relation().remove', run: (m) => m.createQueryBuilder().relation(Post, 'tags').of(1).remove('news') },
  { name: 'relation().set', run: (m) => m.createQueryBuilder().relation(Post, 'author').of(3).set(1) },
  { name: 'relation().add, one-to-many', run: (m) => m.createQueryBuilder().relation(Team, 'members').of(1).add(3) },
  { name: 'remove', run: async (m) => m.remove(await m.findOneByOrFail(Comment, { id: 1 })) },
  { name: 'remove, with many-to-many', run: async (m) => m.remove(await m.findOneOrFail(Post, { where: { id: 2 }, relations: { tags: true } })) },
  { name: 'softRemove', run: async (m) => m.softRemove(await m.findOneByOrFail(User, { id: 1 })) },
  { name: 'softDelete', run: (m) => m.softDelete(User, { name: 'ada' }) },
  { name: 'softDelete and restore', run: async (m) => { await m.softDelete(User, 1); await m.restore(User, 1) } },
  { name: 'softRemove and recover', run: async (m) => { const user = await m.findOneByOrFail(User, { id: 2 }); await m.softRemove(user); await m.recover(user) } },
  { name: 'delete, by id', run: (m) => m.delete(Comment, 2) },
  { name: 'delete, by criteria', run: (m) => m.delete(Comment, { text: 'hm' }) },
  { name: 'delete, by query builder', run: (m) => m.createQueryBuilder().delete().from(Comment).where('text = :text', { text: 'good' }).execute() },
  { name: 'delete, what the database cascades', run: (m) => m.delete(User, 1) },
  { name: 'delete, what the database sets to null', run: (m) => m.delete(Team, { name: 'red' }) },
  { name: 'delete, of all', run: (m) => m.deleteAll(Comment) },
  { name: 'clear', committedBy: ['MariaDB'], run: (m) => m.clear(Comment) },
  { name: 'raw, by key', run: (m) => raw(m, 'UPDATE "user" SET "name" = \'raw\' WHERE "id" = 2') },
  { name: 'raw, bulk', run: (m) => raw(m, 'update "user" set "score" = "score" + 1 where "name" like \'%a%\'') },
  { name: 'raw, a comment before it', run: (m) => raw(m, '/* why */ -- because\n DELETE FROM "comment" WHERE "id" > 1') },
  { name: 'raw, INSERT ... SELECT', run: (m) => raw(m, 'INSERT INTO "teams" ("name") SELECT "name" FROM "user"') },
  { name: 'raw, a template', run: (m) => m.sql`UPDATE post SET title = ${'templated'} WHERE id = ${1}` },
  { name: 'raw, in a WITH', only: POSTGRES, run: (m) => raw(m, 'WITH old AS (DELETE FROM "comment" RETURNING *) UPDATE "post" SET "title" = \'bare\' FROM old WHERE "post"."id" = old."postId"') },
  { name: 'raw, two statements', only: POSTGRES, run: (m) => raw(m, 'DELETE FROM "comment"; UPDATE "teams" SET "name" = \'two\'') },
  { name: 'raw, a block', only: POSTGRES, run: (m) => raw(m, 'DO $$ BEGIN EXECUTE \'UPDATE teams SET name = \'\'done\'\'\'; END $$') },
  { name: 'raw, EXPLAIN ANALYZE', only: POSTGRES, run: (m) => raw(m, 'EXPLAIN ANALYZE DELETE FROM "comment"') },
  { name: 'raw, TRUNCATE ... CASCADE', only: POSTGRES, run: (m) => raw(m, 'TRUNCATE "user" CASCADE') },
  { name: 'insertFromSelect', run: (m) => m.createQueryBuilder().insert().into(Team, ['name']).valuesFromSelect((qb) => qb.select('name').from(User, 'u')).execute() },
]
