import type { Answer, Order, Orders } from './message.ts'

/** What cannot be opened or closed must not keep the process. */
const LONGEST_CLOSE_MS = 5_000
process.once('disconnect', () => setTimeout(() => process.exit(1), LONGEST_CLOSE_MS).unref())

/** What this process was started with. */
export const startedWith = <T>(): T => JSON.parse(process.argv[2]!) as T

/** Obeys orders until whoever started the process hangs up, then closes and exits. */
export function serve(orders: Orders, close: () => Promise<unknown>): void {
  process.on('message', (order: Order) => {
    obey(orders, order).then(
      (value) => send({ id: order.id, value }),
      (error: unknown) => send({ id: order.id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    )
  })
  const end = (): void => void close().finally(() => process.exit())
  if (!process.connected) return end()
  process.once('disconnect', end)
  send({ id: 0 })
}

async function obey(orders: Orders, { name, argument }: Order): Promise<unknown> {
  return orders[name]!(argument as never)
}

function send(answer: Answer): void {
  if (process.connected) process.send!(answer)
}
