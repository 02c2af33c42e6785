import { once } from 'node:events'
import { connect } from 'node:net'
import { host } from './free-port.ts'
import { encodeCommand, RespReader, type Reply } from './resp.ts'

/** Sends one command on a connection of its own and returns its reply; no client library. */
export async function askRedis(port: number, ...command: string[]): Promise<Reply> {
  const socket = connect(port, host)
  const reader = new RespReader()
  try {
    socket.write(encodeCommand(command))
    for (;;) {
      const [chunk] = (await once(socket, 'data', {
        signal: AbortSignal.timeout(2000),
      })) as [Buffer]
      const [message] = reader.push(chunk)
      if (message === undefined) continue
      if (message.value instanceof Error) throw message.value
      return message.value
    }
  } finally {
    socket.destroy()
  }
}
