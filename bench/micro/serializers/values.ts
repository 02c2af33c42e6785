/** What is serialized: data as rows of a database have it. */
const userOf = (id: number) => ({
  id,
  name: `User ${id}`,
  email: `user${id}@example.com`,
  active: id % 2 === 0,
  team: null,
  score: id * 1.25,
  since: '2026-01-31T09:30:00.000Z',
  address: { street: `${id} St James Square`, city: 'London', zip: 'SW1Y 4JU' },
})

const lineOf = (id: number) => ({
  sku: `SKU-${id}-${id * 7919}`,
  title: `Article ${id}, as it is called in the catalogue`,
  quantity: id % 5,
  price: id * 9.99,
  discounts: [{ code: 'WELCOME', percent: 10 }],
})

/** By name; all but the last are what JSON represents exactly. */
export const VALUES = {
  'a small object': userOf(4_711),
  'a nested object of 4 KB': { id: 1, customer: userOf(1), lines: Array.from({ length: 24 }, (_, id) => lineOf(id)), notes: 'Leave it at the door. '.repeat(10) },
  '1,000 rows': Array.from({ length: 1_000 }, (_, id) => userOf(id)),
  'a mix of Date, Map, Set, bigint and Buffer': {
    user: userOf(1),
    created: new Date(0),
    views: 12_345_678_901n,
    seen: new Map([['home', new Date(1_000)], ['cart', new Date(2_000)]]),
    roles: new Set(['admin', 'editor']),
    avatar: Buffer.from('89504e470d0a1a0a', 'hex'),
    left: undefined,
  },
} as const
