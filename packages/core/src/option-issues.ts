/** Is told of a rule that an option breaks. */
export type Broken = (option: string, rule: string, value: unknown) => void

/** Stands for a value that may be, or hold, a secret. */
export const HIDDEN = '***'

/** Options that nobody knows are broken rules. */
export function refuseOthers(path: string, options: object, names: readonly string[], broken: Broken): void {
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) broken(`${path}.${name}`, `one of the options ${names.join(', ')}`, HIDDEN)
  }
}
