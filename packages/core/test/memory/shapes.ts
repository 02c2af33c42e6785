/** What is usually cached, made anew by every call, so that no two share anything. */
export const SHAPES: Readonly<Record<string, () => unknown>> = {
  'a short string': () => text(20),
  'a long string': () => text(2_000),
  'a string beyond Latin-1': () => Buffer.from(`${text(500)}→`).toString(),
  'a double': () => Math.random(),
  'a bigint': () => BigInt(next()) * 10n ** 20n,
  'a date': () => new Date(next()),
  'a small buffer': () => new Uint8Array(100),
  'a large buffer': () => Buffer.alloc(5_000, 1),
  'a user': () => ({ id: next(), name: text(12), email: text(24), isActive: true, score: Math.random() }),
  'a parsed row': () => parsed({ id: next(), name: text(20), address: { street: text(24), city: text(14) }, roles: [text(12), text(12)] }),
  'an array of integers': () => Array.from({ length: 100 }, (_, index) => index),
  'an array of doubles': () => Array.from({ length: 100 }, (_, index) => index + 0.5),
  'a page of products': () => parsed(Array.from({ length: 20 }, (_, id) => ({ id, title: text(30), price: id * 1.5 }))),
  'a nested page': () => parsed({ page: 1, items: Array.from({ length: 30 }, (_, id) => ({ id, tags: [text(14), text(14)], author: { name: text(16) } })) }),
  'a map': () => new Map(Array.from({ length: 50 }, (_, id) => [text(16), { id }])),
  'a set': () => new Set(Array.from({ length: 50 }, () => text(16))),
}

let last = 0
const next = (): number => ++last
const parsed = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** Flat, and not the same twice. */
function text(length: number): string {
  let long = ''
  while (long.length < length) long += Math.imul(next(), 0x9e3779b9).toString(36)
  return Buffer.from(long.slice(0, length)).toString('latin1')
}
