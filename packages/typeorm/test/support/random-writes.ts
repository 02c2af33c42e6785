import { between, pick } from 'test-support'
import type { DataSource, EntityManager } from 'typeorm'
import { Category, Comment, Photo, Post, Price, Profile, Tag, Team, User } from './entities.ts'

type Random = () => number
type Write = (manager: EntityManager, random: Random) => Promise<unknown>

const id = (random: Random): number => between(random, 1, 12)
const word = (random: Random): string => pick(random, ['ash', 'elm', 'fir', 'oak', 'yew'])
const address = (random: Random): { street: string; city: string } => ({ street: word(random), city: word(random) })

/** Paths on which TypeORM begins a transaction by itself. */
const savingWrites: readonly Write[] = [
  (m, r) => m.save(Team, { name: word(r) }),
  (m, r) => m.save(User, { name: word(r), address: address(r), team: { id: id(r) } }),
  (m, r) => m.save(User, { id: id(r), name: word(r), address: address(r) }),
  (m, r) => m.save(User, [{ id: id(r), name: word(r), address: address(r) }, { name: word(r), address: address(r) }]),
  (m, r) => m.save(Profile, { text: word(r), user: { id: id(r) } }),
  (m, r) => m.save(Post, { title: word(r), author: { id: id(r) }, tags: [{ code: word(r), label: word(r) }], comments: [{ text: word(r) }] }),
  (m, r) => m.save(Post, { id: id(r), title: word(r), tags: [{ code: word(r) }] }),
  (m, r) => m.save(Post, { id: id(r), title: word(r), tags: [] }, { listeners: false }),
  async (m, r) => m.remove(await m.findBy(Post, { id: id(r) })),
  async (m, r) => m.softRemove(await m.findBy(User, { id: id(r) })),
  async (m, r) => m.recover(await m.find(User, { where: { id: id(r) }, withDeleted: true })),
  async (m, r) => {
    const parent = await m.findOneBy(Category, { id: id(r) })
    return m.save(Category, { name: word(r), ...(parent && { parent }) })
  },
  (m, r) => m.save(Photo, { title: word(r), width: id(r) }),
]

/** The others. */
const plainWrites: readonly Write[] = [
  (m, r) => m.insert(Team, { name: word(r) }),
  (m, r) => m.insert(Comment, [{ text: word(r), post: { id: id(r) } }, { text: word(r) }]),
  (m, r) => m.insert(Tag, { code: word(r), label: word(r) }),
  (m, r) => m.upsert(Tag, { code: word(r), label: word(r) }, ['code']),
  (m, r) => m.upsert(Price, { product: word(r), country: word(r), amount: id(r) }, ['product', 'country']),
  (m, r) => m.update(User, id(r), { name: word(r) }),
  (m, r) => m.update(User, { name: word(r) }, { score: id(r) }),
  (m, r) => m.update(User, { address: { city: word(r) } }, { address: { street: word(r) } }),
  (m, r) => m.update(Tag, word(r), { code: word(r) }),
  (m, r) => m.update(Price, { product: word(r), country: word(r) }, { amount: id(r) }),
  (m, r) => m.increment(User, { id: id(r) }, 'score', 1),
  (m, r) => m.decrement(Price, { product: word(r) }, 'amount', 1),
  (m, r) => m.createQueryBuilder().update(Post).set({ title: word(r) }).where('id IN (:...ids) OR title = :title', { ids: [id(r), id(r)], title: word(r) }).execute(),
  (m, r) => m.createQueryBuilder().update(Comment).set({ text: word(r) }).where('id > :id', { id: id(r) }).callListeners(false).execute(),
  (m, r) => m.createQueryBuilder().relation(Post, 'tags').of(id(r)).add(word(r)),
  (m, r) => m.createQueryBuilder().relation(Post, 'tags').of(id(r)).remove(word(r)),
  (m, r) => m.createQueryBuilder().relation(Post, 'author').of(id(r)).set(id(r)),
  (m, r) => m.createQueryBuilder().relation(Team, 'members').of(id(r)).add(id(r)),
  (m, r) => m.softDelete(User, { name: word(r) }),
  (m, r) => m.restore(User, id(r)),
  (m, r) => m.delete(User, id(r)),
  (m, r) => m.delete(Team, { name: word(r) }),
  (m, r) => m.delete(Comment, [id(r), id(r)]),
  (m, r) => m.delete(Category, id(r)),
  (m, r) => m.update(Photo, { width: id(r) }, { title: word(r) }),
  (m, r) => m.query(`UPDATE post SET title = '${word(r)}' WHERE id = ${id(r)}`),
  (m, r) => m.query(`INSERT INTO teams (name) SELECT label FROM tag WHERE tag_key = '${word(r)}'`),
  (m, r) => m.query(`DELETE FROM comment WHERE id IN (SELECT id FROM post WHERE title = '${word(r)}')`),
  (m, r) => (r() < 0.1 ? m.clear(Comment) : Promise.resolve()),
]

/** Every path to the database, with rows and values by chance. Some break a rule of the database. */
const writes = [...savingWrites, ...plainWrites]

const several = async (manager: EntityManager, random: Random, from: readonly Write[] = writes): Promise<void> => {
  for (let left = between(random, 1, 3); left > 0; left--) await pick(random, from)(manager, random)
}

class Undo extends Error {}

/** By chance, the end of a transaction. */
function mayUndo(random: Random): void {
  if (random() < 0.3) throw new Undo()
}

const inTransaction = (manager: EntityManager, random: Random): Promise<void> =>
  manager.transaction(async (m) => {
    await several(m, random)
    mayUndo(random)
  })

const nested = (manager: EntityManager, random: Random): Promise<void> =>
  manager.transaction(async (m) => {
    if (random() < 0.5) await several(m, random)
    await inTransaction(m, random).catch((error: unknown) => {
      // PostgreSQL refuses all that follows an error, up to the savepoint.
      if (!(error instanceof Undo)) throw error
    })
    if (random() < 0.5) await several(m, random)
    mayUndo(random)
  })

async function byHand({ dataSource }: EntityManager, random: Random): Promise<void> {
  await using queryRunner = dataSource.createQueryRunner()
  await queryRunner.query('BEGIN')
  try {
    await several(queryRunner.manager, random, plainWrites)
    mayUndo(random)
    await queryRunner.query('COMMIT')
  } catch (error) {
    await queryRunner.query('ROLLBACK')
    throw error
  }
}

/**
 * Writes something by chance, in any kind of transaction or in none. What the database refuses is rolled back by whoever
 * holds the transaction.
 */
export async function writeSomething({ manager }: DataSource, random: Random): Promise<void> {
  const run = pick(random, [several, inTransaction, nested, byHand])
  // A value that is already there, a row that is not: that is life.
  await run(manager, random).catch(() => {})
}
