import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Fault, hold } from './fault.ts'

const DATA = 'appendonlydir'
const SNAPSHOT = 'snapshot'

/** The process of Redis itself. */
export const serverFaults: readonly Fault<'single'>[] = [
  {
    name: 'paused',
    topology: 'single',
    place: 'server',
    async run(stage) {
      stage.backend.server.pause()
      await hold(stage)
      stage.backend.server.resume()
    },
  },
  {
    name: 'killed and back empty',
    topology: 'single',
    place: 'server',
    async run(stage) {
      await stage.backend.server.kill()
      await hold(stage)
      await stage.backend.server.restart({ empty: true })
    },
  },
  {
    name: 'killed and back with its data',
    topology: 'single',
    place: 'server',
    async run(stage) {
      await stage.backend.server.kill()
      await hold(stage)
      await stage.backend.server.restart()
    },
  },
  {
    name: 'restored from a snapshot',
    topology: 'single',
    place: 'server',
    takesBack: true,
    async run(stage) {
      const { server } = stage.backend
      const [data, snapshot] = [join(server.dir, DATA), join(server.dir, SNAPSHOT)]
      server.pause()
      cpSync(data, snapshot, { recursive: true })
      server.resume()
      await hold(stage)
      await server.kill()
      rmSync(data, { recursive: true })
      cpSync(snapshot, data, { recursive: true })
      rmSync(snapshot, { recursive: true })
      await server.restart()
    },
  },
]
