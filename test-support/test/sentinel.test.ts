import { expect, test } from 'vitest'
import { askRedis, startSentinel, until, type SentinelSetup } from '../src/index.ts'

async function masterPort({ sentinels, name }: SentinelSetup): Promise<number> {
  const [sentinel] = sentinels
  const reply = await askRedis(sentinel?.port ?? 0, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name)
  return Number((reply as string[])[1])
}

test('a failover swaps master and replica, and back', async () => {
  await using setup = await startSentinel()
  const { master, replica } = setup
  expect(await masterPort(setup)).toBe(master.port)
  await setup.failover()
  expect(setup.master).toBe(replica)
  expect(setup.replica).toBe(master)
  expect(await masterPort(setup)).toBe(replica.port)
  expect(await askRedis(replica.port, 'SET', 'key', 'value')).toBe('OK')
  await setup.failover()
  expect(await masterPort(setup)).toBe(master.port)
})

/** They may split their votes several times, and pause for seconds after each. */
const VOTING_MS = 90_000

test('three sentinels replace a master that died', { timeout: VOTING_MS + 30_000 }, async () => {
  await using setup = await startSentinel({ count: 3 })
  expect(setup.sentinels).toHaveLength(3)
  await setup.master.kill()
  await until('the replica to be promoted', async () => (await masterPort(setup)) === setup.replica.port, { timeoutMs: VOTING_MS })
})
