import { askRedis, type RedisServer } from 'test-support'
import { pick } from 'test-support'
import type { Clustered } from '../stage/backend.ts'
import { type Fault, repeatedly, type Stage } from './fault.ts'

/** Slots that move from one master to another while they are used, the log's among them. */
export const slotFaults: readonly Fault<'cluster'>[] = [
  {
    name: 'slots migrated',
    topology: 'cluster',
    place: 'server',
    async run(stage) {
      await repeatedly(stage, 4, () => migrateSome(stage, (name) => !name.includes('{log}')))
      await migrateSome(stage, (name) => name.includes('{log}'))
    },
  },
]

async function migrateSome({ backend, random }: Stage<Clustered>, isMeant: (name: string) => boolean): Promise<void> {
  const masters = await mastersOf(backend.cluster.nodes)
  const from = pick(random, masters)
  const held = ((await askRedis(from.port, 'KEYS', '*')) as string[]).filter(isMeant)
  if (held.length === 0) return
  const slot = String(await askRedis(from.port, 'CLUSTER', 'KEYSLOT', pick(random, held)))
  await migrate(slot, from, pick(random, masters.filter((master) => master !== from)), masters)
}

async function migrate(slot: string, from: RedisServer, to: RedisServer, masters: readonly RedisServer[]): Promise<void> {
  const [source, target] = await Promise.all([from, to].map(async ({ port }) => String(await askRedis(port, 'CLUSTER', 'MYID'))))
  await askRedis(to.port, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', source!)
  await askRedis(from.port, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', target!)
  for (;;) {
    const held = (await askRedis(from.port, 'CLUSTER', 'GETKEYSINSLOT', slot, '100')) as string[]
    if (held.length === 0) break
    await askRedis(from.port, 'MIGRATE', '127.0.0.1', String(to.port), '', '0', '5000', 'KEYS', ...held)
  }
  for (const { port } of new Set([to, from, ...masters])) await askRedis(port, 'CLUSTER', 'SETSLOT', slot, 'NODE', target!)
}

async function mastersOf(nodes: readonly RedisServer[]): Promise<RedisServer[]> {
  const roles = await Promise.all(nodes.map(async ({ port }) => ((await askRedis(port, 'ROLE')) as string[])[0]))
  return nodes.filter((_, index) => roles[index] === 'master')
}
