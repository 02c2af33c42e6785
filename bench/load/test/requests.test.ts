import { expect, it } from 'vitest'
import { Requests } from '../requests.ts'

it('all have to be answered', async () => {
  const requests = new Requests()
  const last = Promise.withResolvers<void>()
  requests.add(Promise.resolve())
  requests.add(last.promise)
  await expect(requests.drain(1)).rejects.toThrow('1 requests were not answered 1 ms after the last had arrived')
  const drained = requests.drain()
  last.resolve()
  await drained
})

it('none may fail', async () => {
  const requests = new Requests()
  requests.add(Promise.reject(new Error('refused')))
  requests.add(Promise.resolve())
  await expect(requests.drain()).rejects.toThrow('refused')
})
