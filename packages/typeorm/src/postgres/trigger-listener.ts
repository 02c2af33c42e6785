import { Changes } from '../invalidation/changes.ts'
import { addEverything } from '../invalidation/changes-of-write.ts'
import { keyText } from '../schema/key-column.ts'
import type { Schema } from '../schema/schema.ts'
import { rowText, type Table } from '../schema/table.ts'

/** What a trigger tells. */
interface Told {
  readonly table: string
  /** Of the rows that changed, as text. Absent: any. */
  readonly keys?: readonly (readonly string[])[]
}

/** Gathers what triggers tell, and delivers it: what comes while a delivery is under way goes with the next. */
export class TriggerListener {
  readonly #schema: () => Schema
  readonly #deliver: (changes: Changes) => Promise<unknown>
  #changes = new Changes()
  #isDelivering = false

  /** @param deliver never rejects */
  constructor(schema: () => Schema, deliver: (changes: Changes) => Promise<unknown>) {
    this.#schema = schema
    this.#deliver = deliver
  }

  /** Something may have been missed. */
  missed(): void {
    addEverything(this.#changes, this.#schema())
    void this.#deliverAll()
  }

  /** @throws SyntaxError for what no trigger of ours has written. */
  hear(payload: string): void {
    const { table: path, keys } = JSON.parse(payload) as Told
    const schema = this.#schema()
    for (const table of schema.find(tableName(path))) this.#add(table, keys)
    void this.#deliverAll()
  }

  #add(table: Table, keys: Told['keys']): void {
    const changes = this.#changes
    const rows = keys?.map((values) => textOf(table, values))
    if (rows?.every((row) => row !== undefined)) changes.rows(table, rows)
    else changes.every(table)
    for (const side of table.sides) {
      const places = side.columns.map(({ name }) => table.key.findIndex((column) => column.name === name))
      const sideRows = keys?.map((values) => {
        const texts = places.map((place, i) => (place < 0 ? undefined : keyText(side.columns[i]!, values[place])))
        return texts.every((text) => text !== undefined) ? rowText(texts) : undefined
      })
      if (sideRows?.every((row) => row !== undefined)) changes.rowsAlone(side.table, sideRows)
      else changes.everyRowAlone(side.table)
    }
  }

  async #deliverAll(): Promise<void> {
    if (this.#isDelivering) return
    this.#isDelivering = true
    while (!this.#changes.isEmpty) {
      const changes = this.#changes
      this.#changes = new Changes()
      await this.#deliver(changes)
    }
    this.#isDelivering = false
  }
}

function textOf({ key }: Table, values: readonly string[]): string | undefined {
  const texts = values.map((value, i) => key[i] && keyText(key[i], value))
  return texts.length === key.length && texts.every((text) => text !== undefined) ? rowText(texts) : undefined
}

function tableName(path: string): { name: string; qualifier: string | undefined } {
  const names = path.split('.')
  return { name: names.pop()!, qualifier: names.length > 0 ? names.join('.') : undefined }
}
