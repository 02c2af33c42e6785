import { Client } from 'pg'
import { expect, test } from 'vitest'
import { startPostgres } from '../src/index.ts'

test('serves a database until it is stopped', async () => {
  const postgres = await startPostgres()
  const client = new Client(postgres.url)
  await client.connect()
  const { rows } = await client.query('select 1 + 1 as two')
  expect(rows).toEqual([{ two: 2 }])
  await client.end()
  await postgres.stop()
  await expect(new Client(postgres.url).connect()).rejects.toThrow('ECONNREFUSED')
})
