import { expect, test } from 'vitest'
import { askRedis, startRedisCluster } from '../src/index.ts'

test('three masters serve all slots', async () => {
  await using cluster = await startRedisCluster()
  expect(cluster.nodes).toHaveLength(3)
  expect(cluster.urls).toEqual(cluster.nodes.map(({ url }) => url))
  for (const { port } of cluster.nodes) {
    const info = await askRedis(port, 'CLUSTER', 'INFO')
    expect(info).toContain('cluster_state:ok')
    expect(info).toContain('cluster_slots_ok:16384')
  }
  const answers = await Promise.allSettled(
    cluster.nodes.map(({ port }) => askRedis(port, 'SET', 'key', 'value')),
  )
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

test('replicas follow their masters', async () => {
  await using cluster = await startRedisCluster({ masters: 3, replicas: 1 })
  expect(cluster.nodes).toHaveLength(6)
  const roles = await Promise.all(
    cluster.nodes.map(async ({ port }) => ((await askRedis(port, 'ROLE')) as string[])[0]),
  )
  expect(roles).toEqual(['master', 'master', 'master', 'slave', 'slave', 'slave'])
})
