/** Where something is in the data of a configuration: `['caches', 'users', 'tags', 0]`. */
export type Path = readonly (string | number)[]

/**
 * A path as messages show it.
 *
 * @example
 * ```ts
 * pathText(['caches', 'users', 'tags', 0]) // 'caches.users.tags[0]'
 * pathText([]) // 'the configuration'
 * ```
 */
export function pathText(path: Path): string {
  let text = ''
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`
    else if (!/^[\w$-]+$/.test(part)) text += `[${JSON.stringify(part)}]`
    else text += text === '' ? part : `.${part}`
  }
  return text === '' ? 'the configuration' : text
}

/** The path in an option's name, as a ConfigError has it: `keys[0].secret`. */
export const pathOf = (option: string): Path =>
  [...option.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) => (index === undefined ? name! : Number(index)))
