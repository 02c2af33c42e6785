import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { type Library, type OpenCache, type Setup, TTL_MS } from './library.ts'

interface Client {
  get(key: string): Promise<string | null>
  set(key: string, text: string): Promise<unknown>
  close(): void
}

/** What one writes without a cache library. */
export const ioredisGet: Library = {
  name: 'ioredis GET + JSON.parse',
  open: async (setup) => open(setup, ioredisClient(new Redis(setup.url!))),
}

export const ioredisAutoPipelined: Library = {
  name: 'ioredis GET + JSON.parse, auto-pipelined',
  open: async (setup) => open(setup, ioredisClient(new Redis(setup.url!, { enableAutoPipelining: true }))),
}

export const nodeRedisGet: Library = {
  name: 'node-redis GET + JSON.parse',
  async open(setup) {
    const client = createClient({ url: setup.url! })
    await client.connect()
    return open(setup, {
      get: (key) => client.get(key),
      set: (key, text) => client.set(key, text, { expiration: { type: 'PX', value: TTL_MS } }),
      close: () => client.destroy(),
    })
  },
}

const ioredisClient = (client: Redis): Client => ({
  get: (key) => client.get(key),
  set: (key, text) => client.set(key, text, 'PX', TTL_MS),
  close: () => client.disconnect(),
})

function open({ load }: Setup, client: Client): OpenCache {
  return {
    async read(key) {
      const text = await client.get(key)
      if (text !== null) return JSON.parse(text)
      const user = await load(key)
      await client.set(key, JSON.stringify(user))
      return user
    },
    close: async () => client.close(),
  }
}
