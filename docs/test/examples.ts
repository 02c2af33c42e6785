/** One runnable example of a page or of a source file's doc comments. */
export interface Example {
  readonly file: string
  /** TypeScript, with the expectations in its comments turned into assertions. */
  readonly code: string
  /** Files that it reads, by name. */
  readonly files: Readonly<Record<string, string>>
}

/** The examples of a page make one program: a later block sees what an earlier one has declared. */
export function examplesOfPage(file: string, markdown: string): Example[] {
  const blocks = [...markdown.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => match[1]!)
  // A block of YAML that begins with its name.
  const files = Object.fromEntries([...markdown.matchAll(/^```yaml\n(# (\S+\.yaml)\n.*?)^```$/gms)].map((match) => [match[2]!, match[1]!]))
  return blocks.length === 0 ? [] : [{ file, code: program(blocks), files }]
}

/** Each example of a doc comment is a program of its own. */
export function examplesOfSource(file: string, source: string): Example[] {
  const comments = [...source.matchAll(/\/\*\*.*?\*\//gs)].map((match) => match[0].replaceAll(/^ *\* ?/gm, ''))
  const blocks = comments.flatMap((comment) => [...comment.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => match[1]!))
  // Theirs may leave connections open, which those of pages must not.
  return blocks.map((block) => ({ file, code: `${program([block])}\nprocess.exit()`, files: {} }))
}

function program(blocks: readonly string[]): string {
  const lines = blocks.join('\n').split('\n')
  const imports = lines.filter((line) => line.startsWith('import '))
  const body = lines.filter((line) => !line.startsWith('import ')).map(withAssertion)
  return [...merged(imports), ...body].join('\n')
}

/** One import per module: the blocks of a page repeat what they need. */
function merged(imports: readonly string[]): string[] {
  const names = new Map<string, Set<string>>()
  for (const line of imports) {
    const [, isType, list, from] = /^import (type )?\{ (.*) \} from (.*)$/.exec(line) ?? []
    if (list === undefined || from === undefined) throw new Error(`an example may only import { names }: ${line}`)
    const known = names.get(from) ?? new Set()
    names.set(from, known)
    for (const name of list.split(', ')) known.add(isType ? `type ${name}` : name)
  }
  return [...names].map(([from, known]) => `import { ${[...known].join(', ')} } from ${from}`)
}

/**
 * `expression // value` becomes an assertion where the comment is a JavaScript value: `await cache.get('a') // 1`.
 * Other comments stay comments.
 */
function withAssertion(line: string): string {
  const match = /^(?!\s*(?:const|let|return|\/\/|\}|\]))(\S.*?) \/\/ (.+)$/.exec(line)
  if (match === null || !isValue(match[2]!)) return line
  return `expectSame(${match[1]!}, ${match[2]!})`
}

function isValue(text: string): boolean {
  return /^(?:-?\d[\d_.]*|'[^']*'|"[^"]*"|true|false|null|undefined|\{.*\}|\[.*\])$/.test(text)
}
