import { hash } from 'node:crypto'
import { serialize } from 'node:v8'
import type { DataSource } from 'typeorm'

/** The key of a query's result: of its text, its parameters with their types, and the database it goes to. */
export function queryKey(sql: string, parameters: readonly unknown[], { driver, options }: DataSource): string {
  const place = `${options.type}\0${String(driver.database ?? '')}\0${String(driver.schema ?? '')}`
  return `@typeorm:query:${hash('sha256', `${place}\0${sql}\0${textOf(parameters)}`, 'base64url')}`
}

/** JSON tells most values apart, and is the faster. No two lists have one text: base64 has no bracket. */
function textOf(parameters: readonly unknown[]): string {
  if (parameters.length === 0) return ''
  return parameters.every(isPlain) ? JSON.stringify(parameters) : serialize(parameters).toString('base64')
}

const isPlain = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'boolean' || value === null || (Number.isFinite(value) && !Object.is(value, -0))
