import { ConfigError, type ConfigIssue } from '@stratacache/core'
import type { Path } from '@stratacache/core/config'
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import type { Source } from './source.ts'

/** Beyond it a document is not written by a person: aliases of aliases multiply. */
const MOST_ALIASES = 100

/**
 * A configuration in YAML 1.2 (with anchors, aliases and merge keys) or JSON.
 *
 * @param file as messages name it
 * @throws ConfigError with every mistake that prevents reading it
 */
export function parseText(content: string, file: string, isJson: boolean): Pick<Source, 'data' | 'place'> {
  const text = content.replace(/^\uFEFF/, '')
  const lineCounter = new LineCounter()
  // Its pretty errors, and the messages of JSON.parse, quote the text, which may hold secrets.
  const document = parseDocument(text, { lineCounter, merge: !isJson, schema: isJson ? 'json' : 'core', stringKeys: true, prettyErrors: false, logLevel: 'error' })
  const placeOf = (offset: number): string => {
    const { line, col } = lineCounter.linePos(offset)
    return `${file}:${line}:${col}`
  }
  const broken = (offset: number, value: string): ConfigIssue => ({ option: 'file', rule: isJson ? 'JSON' : 'YAML', value, place: placeOf(offset) })
  const issues = [...document.errors, ...document.warnings].map(({ pos, code }) => broken(pos[0], code.toLowerCase().replaceAll('_', ' ')))
  if (isJson && issues.length === 0 && !isJsonText(text)) issues.push(broken(0, 'what only YAML allows'))
  if (issues.length > 0) throw new ConfigError(issues)
  try {
    const data: unknown = document.toJS({ maxAliasCount: MOST_ALIASES })
    // Throws where an alias stands within what it names.
    JSON.stringify(data)
    return { data, place: (path) => placeOf(offsetOf(document, path)) }
  } catch {
    throw new ConfigError([broken(0, 'aliases that lead nowhere, go round or multiply')])
  }
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Where a path begins: its name, or the nearest thing around it that is there. */
function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents
  let offset = rangeOf(node)
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document)
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === part)
      if (pair === undefined) return offset
      offset = rangeOf(pair.key) || offset
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(part)]
      offset = rangeOf(node) || offset
    } else {
      return offset
    }
  }
  return offset
}

const rangeOf = (node: unknown): number => (node as Node | null)?.range?.[0] ?? 0
