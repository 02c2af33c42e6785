import { setPopulation } from '../client.ts'
import { now } from '../clock.ts'
import type { Ledger } from '../ledger.ts'
import type { Update } from '../places.ts'
import type { ServerProcess } from '../server-process.ts'

/** One more inhabitant, through one of the processes. */
export async function updateCity(server: ServerProcess, id: number, ledger: Ledger): Promise<Update> {
  const update = ledger.update(id, server.name)
  if (!update) throw new Error(`city ${id} is being updated already`)
  const { status, body } = await setPopulation(server, id, update.population)
  if (status !== 200) throw new Error(`the update of city ${id} through ${server.name} was answered with ${status}`)
  update.confirm(now())
  return body as Update
}
