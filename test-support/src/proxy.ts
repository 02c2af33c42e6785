import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { host, onFreePort } from './free-port.ts'
import { Lane, type LaneState } from './proxy-lane.ts'
import { StatsRecorder, type ProxyStats } from './proxy-stats.ts'

/** `up` carries commands to the server, `down` carries replies to the client. */
export type Direction = 'up' | 'down'

export interface Proxy extends AsyncDisposable {
  readonly port: number
  readonly url: string
  readonly stats: ProxyStats
  /** Adds to the time everything takes in one direction; order is kept. */
  delay(ms: number, direction?: Direction): void
  /** Holds everything in one direction until `resume`; connections stay open. */
  pauseDirection(direction: Direction): void
  /** Lets the held bytes go, in one direction or in both. */
  resume(direction?: Direction): void
  /** Destroys every connection and refuses new ones until `restore`. */
  cut(): Promise<void>
  restore(): Promise<void>
  stop(): Promise<void>
}

interface Connection {
  readonly lanes: Record<Direction, Lane>
  destroy(): void
}

export async function startProxy(target: { port: number }): Promise<Proxy> {
  const stats = new StatsRecorder()
  const state: Record<Direction, LaneState> = {
    up: { delayMs: 0, paused: false },
    down: { delayMs: 0, paused: false },
  }
  const connections = new Set<Connection>()

  const accept = (client: Socket): void => {
    const server = connect({ port: target.port, host, noDelay: true })
    client.setNoDelay()
    const counted = stats.open()
    const connection: Connection = {
      lanes: {
        up: new Lane(server, state.up, () => {}),
        down: new Lane(client, state.down, (chunk) => counted.received(chunk)),
      },
      destroy() {
        if (!connections.delete(connection)) return
        stats.close(counted)
        for (const lane of Object.values(connection.lanes)) lane.close()
        client.destroy()
        server.destroy()
      },
    }
    connections.add(connection)
    client.on('data', (chunk: Buffer) => {
      counted.sent(chunk)
      connection.lanes.up.push(chunk)
    })
    server.on('data', (chunk: Buffer) => connection.lanes.down.push(chunk))
    client.on('end', () => connection.lanes.up.push('end'))
    server.on('end', () => connection.lanes.down.push('end'))
    // The server's own end is queued behind its replies; the client closes after reading them.
    client.on('close', () => connection.destroy())
    for (const socket of [client, server]) socket.on('error', () => connection.destroy())
  }

  const flush = (direction: Direction): void => {
    for (const { lanes } of connections) lanes[direction].flush()
  }
  const listen = async (port: number): Promise<Server> => {
    const server = createServer({ allowHalfOpen: true }, accept).listen(port, host)
    await once(server, 'listening')
    return server
  }
  let server: Server | undefined
  const port = await onFreePort(async (free) => {
    server = await listen(free)
    return free
  })

  const cut = async (): Promise<void> => {
    const closed = server && once(server, 'close')
    server?.close()
    server = undefined
    for (const connection of connections) connection.destroy()
    await closed
  }

  return {
    port,
    url: `redis://${host}:${port}`,
    stats,
    delay(ms, direction = 'down') {
      state[direction].delayMs = ms
    },
    pauseDirection(direction) {
      state[direction].paused = true
    },
    resume(direction) {
      for (const each of direction ? [direction] : (['up', 'down'] as const)) {
        state[each].paused = false
        flush(each)
      }
    },
    cut,
    async restore() {
      server ??= await listen(port)
    },
    stop: cut,
    [Symbol.asyncDispose]: cut,
  }
}
