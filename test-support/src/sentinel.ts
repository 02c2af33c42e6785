import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { askRedis } from './ask-redis.ts'
import { host, onFreePort } from './free-port.ts'
import { startRedis, type RedisServer } from './redis.ts'
import { createServerFolder } from './server-folder.ts'
import { startProcess } from './server-process.ts'
import { until } from './until.ts'

export interface SentinelSetup extends AsyncDisposable {
  readonly sentinels: readonly { host: string; port: number }[]
  /** The name the sentinels know the master by. */
  readonly name: string
  /** The master and the replica of now: a failover swaps them. */
  readonly master: RedisServer
  readonly replica: RedisServer
  /** Asks for a failover and waits until the roles are swapped on the servers themselves. */
  failover(): Promise<void>
  stop(): Promise<void>
}

const name = 'stratacache'
/** Sentinel's own pace, in milliseconds; left as it is, a failover takes ten seconds to finish. */
const pace = { 'info-period': 100, 'ask-period': 100, 'ping-period': 100, 'publish-period': 200 }

export async function startSentinel({ count = 1 }: { count?: number } = {}): Promise<SentinelSetup> {
  const running: { stop(): Promise<void> }[] = []
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((server) => server.stop()))
  }
  const keep = <T extends { stop(): Promise<void> }>(server: T): T => {
    running.push(server)
    return server
  }
  try {
    let master = keep(await startRedis({ args: ['--repl-diskless-sync-delay', '0'] }))
    let replica = keep(await startRedis({ args: ['--repl-diskless-sync-delay', '0'] }))
    await replicate(replica, master)
    const sentinels: SentinelProcess[] = []
    for (let i = 0; i < count; i++) sentinels.push(keep(await startOne(master.port, count)))
    await Promise.all(sentinels.map(({ port }) => seesAll(port, count)))
    const first = sentinels[0] as SentinelProcess
    return {
      sentinels: sentinels.map(({ port }) => ({ host, port })),
      name,
      get master() {
        return master
      },
      get replica() {
        return replica
      },
      async failover() {
        await failOver(first.port, replica)
        await hasRole(master, 'slave')
        ;[master, replica] = [replica, master]
      },
      stop,
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

interface SentinelProcess {
  port: number
  stop(): Promise<void>
}

function startOne(masterPort: number, count: number): Promise<SentinelProcess> {
  return onFreePort(async (port) => {
    const folder = createServerFolder('sentinel')
    const file = join(folder.path, 'sentinel.conf')
    const quorum = Math.floor(count / 2) + 1
    const config = [
      `port ${port}`,
      `bind ${host}`,
      `sentinel monitor ${name} ${host} ${masterPort} ${quorum}`,
      `sentinel down-after-milliseconds ${name} 500`,
      // Three sentinels may split their votes, and try again after twice this time.
      `sentinel failover-timeout ${name} 2000`,
    ]
    writeFileSync(file, config.join('\n'))
    const server = await startProcess('redis-server', [file, '--sentinel'], {
      cwd: folder.path,
      ready: /\+monitor master/,
    })
    folder.watch(server.pid)
    await askRedis(port, 'SENTINEL', 'DEBUG', ...Object.entries(pace).flat().map(String))
    return {
      port,
      async stop() {
        server.signal('SIGKILL')
        await server.exited
        folder.remove()
      },
    }
  })
}

async function replicate(replica: RedisServer, master: RedisServer): Promise<void> {
  await askRedis(replica.port, 'REPLICAOF', host, String(master.port))
  await until('the replica to follow its master', async () => {
    const info = String(await askRedis(replica.port, 'INFO', 'replication'))
    return info.includes('master_link_status:up')
  })
}

function seesAll(port: number, count: number): Promise<void> {
  return until(`sentinel ${port} to see the others`, async () => {
    const fields = (await askRedis(port, 'SENTINEL', 'MASTER', name)) as string[]
    const field = (key: string): string | undefined => fields[fields.indexOf(key) + 1]
    return field('num-slaves') === '1' && field('num-other-sentinels') === String(count - 1)
  })
}

async function failOver(sentinelPort: number, replica: RedisServer): Promise<void> {
  const switched = async (): Promise<boolean> => {
    const [, port] = (await askRedis(sentinelPort, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name)) as string[]
    return port === String(replica.port)
  }
  await until('the sentinel to name the new master', async () => {
    // A sentinel refuses while it has not yet heard from the replica, and gives up a failover that takes too long:
    // on a busy machine it has to be asked again.
    await askRedis(sentinelPort, 'SENTINEL', 'FAILOVER', name)
    await until('the failover to end', switched, { timeoutMs: 5_000 })
    return true
  }, { timeoutMs: 30_000 })
  await hasRole(replica, 'master')
}

function hasRole({ port }: RedisServer, role: 'master' | 'slave'): Promise<void> {
  return until(`${port} to become a ${role}`, async () => {
    const [answer] = (await askRedis(port, 'ROLE')) as string[]
    return answer === role
  })
}
