import { hash } from 'node:crypto'
import { serialize } from 'node:v8'
import type { DataSource } from 'typeorm'

/** The key of a query's result: of its text, its parameters with their types, and the database it goes to. */
export function queryKey(sql: string, parameters: readonly unknown[], { driver, options }: DataSource): string {
  const place = `${options.type}\0${String(driver.database ?? '')}\0${String(driver.schema ?? '')}`
  const values = parameters.length === 0 ? '' : serialize(parameters).toString('base64')
  return `@typeorm:query:${hash('sha256', `${place}\0${sql}\0${values}`, 'base64url')}`
}
