import { parentPort } from 'node:worker_threads'
import { monotonic } from '../../src/process/monotonic.ts'

/* Answers a time with a message at that time. */

const never = new Int32Array(new SharedArrayBuffer(4))

parentPort!.on('message', (time: number) => {
  Atomics.wait(never, 0, 0, Math.max(0, time - monotonic()))
  parentPort!.postMessage(undefined)
})
