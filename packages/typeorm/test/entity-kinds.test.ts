import { EntitySchema, type EntityManager } from 'typeorm'
import { describe, expect, it } from 'vitest'
import { databases } from './support/databases.ts'
import { App } from './support/town.ts'

interface Node {
  id: number
  name: string
  parent?: Node | null
  children?: Node[]
}

const tree = (type: 'nested-set' | 'materialized-path' | 'closure-table'): EntitySchema<Node> => new EntitySchema<Node>({
  name: 'Node',
  trees: [{ type }],
  columns: { id: { type: Number, primary: true, generated: true }, name: { type: String } },
  relations: {
    parent: { type: 'many-to-one', target: 'Node', treeParent: true, nullable: true, inverseSide: 'children', onDelete: 'CASCADE' },
    children: { type: 'one-to-many', target: 'Node', treeChildren: true, inverseSide: 'parent', cascade: true },
  },
})

describe.each(databases.filter(({ name }) => name !== 'MariaDB'))('$name', ({ name: databaseName, start }) => {
  it.each(['nested-set', 'materialized-path', 'closure-table'] as const)('a tree by %s', async (type) => {
    await using database = await start()
    await using app = await App.open(database, { source: { entities: [tree(type)] } })
    const { manager } = app.dataSource
    const repository = app.dataSource.getTreeRepository<Node>('Node')
    const reads = async (cache: boolean): Promise<unknown> => {
      const nodes = await repository.find({ relations: { parent: true, children: true }, order: { id: 'ASC', children: { id: 'ASC' } }, cache })
      // Past the properties of the entity: what the database keeps of the tree.
      return [nodes, await repository.createQueryBuilder('node').orderBy('node.id').cache(cache).getRawMany()]
    }
    const expectSame = async (): Promise<void> => {
      const entities = await app.orm.repository<Node>('Node').findByIds([1, 2, 3, 4])
      expect(entities.map((node) => node?.name)).toEqual(await Promise.all([1, 2, 3, 4].map(async (id) => (await repository.findOneBy({ id }))?.name)))
      expect(await reads(true)).toEqual(await reads(false))
    }
    const root = await repository.save({ name: 'root' })
    await expectSame()
    const leaf = await repository.save({ name: 'leaf', parent: root })
    await expectSame()
    await repository.save({ name: 'bud', parent: leaf })
    await expectSame()
    await repository.save({ name: 'twig', parent: root })
    await expectSame()
    if (type !== 'nested-set') {
      await repository.save(Object.assign(await repository.findOneByOrFail({ name: 'bud' }), { parent: root }))
      await expectSame()
    }
    await manager.delete('Node', { name: 'twig' })
    await expectSame()
    expect(app.errors).toEqual([])
  })

  it('tables of one name in several schemas, and a prefix', async () => {
    if (databaseName !== 'PostgreSQL') return
    await using database = await start()
    const order = (schema: string | undefined, name: string): EntitySchema<{ id: number; text: string }> => new EntitySchema<{ id: number; text: string }>({
      name,
      tableName: 'order',
      ...(schema !== undefined && { schema }),
      columns: { id: { type: Number, primary: true }, text: { type: String } },
    })
    await using prepared = await App.open(database, { source: { entities: [] } })
    await prepared.dataSource.query('CREATE SCHEMA sales')
    await using app = await App.open(database, { source: { entities: [order('sales', 'Sale'), order(undefined, 'Order')], dropSchema: false, entityPrefix: 'shop_' } })
    const { manager } = app.dataSource
    const reads = (cache: boolean): Promise<unknown> => Promise.all([
      manager.find('Sale', { cache }),
      manager.find('Order', { cache }),
    ])
    await manager.insert('Sale', { id: 1, text: 'a' })
    await manager.insert('Order', { id: 1, text: 'b' })
    expect([app.orm.tags('Sale', 1), app.orm.tags('Order')]).toEqual([['sales.shop_order:1', 'sales.shop_order:*'], ['shop_order']])
    const writes: ((m: EntityManager) => Promise<unknown>)[] = [
      (m) => m.update('Sale', 1, { text: 'c' }),
      (m) => m.update('Order', 1, { text: 'd' }),
      (m) => m.query('UPDATE shop_order SET text = \'e\''),
      (m) => m.query('UPDATE "sales"."shop_order" SET text = \'f\' WHERE id = 1'),
      (m) => m.query('DELETE FROM sales.shop_order'),
    ]
    for (const write of writes) {
      expect(await reads(true)).toEqual(await reads(false))
      await write(manager)
      expect(await reads(true)).toEqual(await reads(false))
    }
    // An entity is known by its schema, too.
    const { loads } = app
    const read = () => app.orm.repository('Order').findById(1)
    await read()
    await manager.insert('Sale', { id: 2, text: 'g' })
    await read()
    expect(app.loads - loads).toBe(1)
  })
})
