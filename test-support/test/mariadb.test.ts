import { existsSync } from 'node:fs'
import { createConnection } from 'mysql2/promise'
import { describe, expect, test } from 'vitest'
import { hasMariadb, startMariadb } from '../src/index.ts'

describe.skipIf(!hasMariadb())('MariaDB', () => {
  test('serves a database until it is stopped', async () => {
    const mariadb = await startMariadb()
    const client = await createConnection(mariadb.url)
    const [rows] = await client.query('select 1 + 1 as two, @@character_set_database as charset')
    expect(rows).toEqual([{ two: 2, charset: 'utf8mb4' }])
    await client.end()
    await mariadb.stop()
    expect(existsSync(mariadb.dir)).toBe(false)
    await expect(createConnection(mariadb.url)).rejects.toThrow('ECONNREFUSED')
  })

  test('two servers share nothing', async () => {
    await using first = await startMariadb()
    await using second = await startMariadb()
    await using client = await createConnection(first.url)
    await using other = await createConnection(second.url)
    await client.query('create table only_here (id int)')
    expect((await client.query('show tables'))[0]).toHaveLength(1)
    expect((await other.query('show tables'))[0]).toHaveLength(0)
  })

  test('a server stops under an open transaction', async () => {
    const mariadb = await startMariadb()
    const client = await createConnection(mariadb.url)
    const lost = new Promise<Error>((resolve) => client.on('error', resolve))
    await client.query('create table held (id int)')
    await client.beginTransaction()
    await client.query('insert into held values (1)')
    await mariadb.stop()
    expect((await lost).message).toContain('Connection lost')
  })
})
