import type { Schema } from '../schema/schema.ts'
import type { Write } from '../sql/statement.ts'
import { Changes } from './changes.ts'
import { addWrite } from './changes-of-write.ts'

/** What a write changes whatever it is executed with. */
export interface FixedChanges {
  readonly changes: Changes
  readonly tags: readonly string[]
}

const known = new WeakMap<Schema, WeakMap<Write, FixedChanges | 'depends'>>()

/**
 * What a write changes, where its parameters do not matter: as in an insert whose key the database makes, which is thought
 * through once. `undefined` where they do.
 */
export function fixedChanges(write: Write, schema: Schema): FixedChanges | undefined {
  const ofSchema = known.get(schema) ?? new WeakMap<Write, FixedChanges | 'depends'>()
  known.set(schema, ofSchema)
  const found = ofSchema.get(write) ?? compute(write, schema)
  ofSchema.set(write, found)
  return found === 'depends' ? undefined : found
}

function compute(write: Write, schema: Schema): FixedChanges | 'depends' {
  let isAsked = false
  const parameters = new Proxy<unknown[]>([], {
    get(target, name, receiver): unknown {
      isAsked = true
      return Reflect.get(target, name, receiver)
    },
  })
  const changes = new Changes()
  addWrite(changes, write, schema, parameters)
  return isAsked ? 'depends' : { changes, tags: changes.tags() }
}
