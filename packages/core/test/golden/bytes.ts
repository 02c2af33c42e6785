import { readFileSync } from 'node:fs'

export const bytesOf = (name: string): Buffer => Buffer.from(readFileSync(new URL(`${name}.hex`, import.meta.url), 'latin1').replaceAll('\n', ''), 'hex')
