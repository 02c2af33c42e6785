import { expect } from 'vitest'
import type { Section, Table } from '../results.ts'

/** What holds for every section, however slow the machine is. */
export function expectSection(section: Section, name: string): void {
  expect(section.name).toBe(name)
  expect(section.tables.length).toBeGreaterThan(0)
  for (const { head, rows } of section.tables) {
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) expect(row).toHaveLength(head.length)
  }
  expect(section.targets.length).toBeGreaterThan(0)
  for (const { measured } of section.targets) expect(measured).not.toBeNaN()
}

/** What was measured for the targets whose text holds `part`. */
export function measured({ targets }: Section, part: string): number[] {
  const found = targets.filter(({ text }) => text.includes(part)).map((target) => target.measured)
  expect(found.length).toBeGreaterThan(0)
  return found
}

/** A column of a table, by the beginning of its head. */
export function column({ head, rows }: Table, name: string): unknown[] {
  const index = head.findIndex((each) => each.startsWith(name))
  expect(index).toBeGreaterThan(0)
  return rows.map((row) => row[index])
}
