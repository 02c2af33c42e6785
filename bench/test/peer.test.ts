import { expect, it } from 'vitest'
import { Peer } from '../src/process/peer.ts'

it('a process that ends fails what it was asked and will be asked, and can be disposed of', async () => {
  await using peer = new Peer<{ end(): void }>(new URL('ending-process.ts', import.meta.url), {})
  await peer.opened
  await expect(peer.ask('end')).rejects.toThrow('its process ended with 3')
  await expect(peer.ask('end')).rejects.toThrow('its process ended with 3')
})
