import { DURATION_RULE, type Duration, parseDuration } from '../duration.ts'
import { HIDDEN } from '../option-issues.ts'
import { Expanded, isRecord } from './environment.ts'
import { maskCredentials } from './mask.ts'
import { nearest } from './nearest.ts'
import type { Path } from './path.ts'
import { type Form, type NumberForm, type ObjectForm, oneOf, type Shape, type UseForm } from './shape.ts'

/** Told of every mistake. `value` is fit to be shown: as it was written, and without secrets. */
export type Report = (path: Path, rule: string, value: unknown) => void

/** The data of a value whose variables are expanded. What breaks a rule is reported and left out. */
export function check<T>(shape: Shape<T>, value: unknown, path: Path, report: Report): T | undefined {
  return checkForm(shape.form, value, path, report) as T | undefined
}

function checkForm(form: Form, given: unknown, path: Path, report: Report): unknown {
  const broken = (rule: string): undefined => {
    report(path, rule, shown(form, given))
    return undefined
  }
  if (given instanceof Expanded && given.broken.length > 0) return given.broken.map(broken)[0]
  const value = given instanceof Expanded ? fitted(form, given.text) : given
  switch (form.kind) {
    case 'text':
      return typeof value === 'string' && value.isWellFormed() ? value : broken('a string without lone surrogates')
    case 'duration':
      return parseDuration(value) === undefined ? broken(DURATION_RULE) : (value as Duration)
    case 'number':
      return follows(form, value) ? value : broken(numberRule(form))
    case 'flag':
      return typeof value === 'boolean' ? value : broken('true or false')
    case 'choice':
      return form.names.includes(value as string) ? value : broken(choiceRule(value, form.names))
    case 'list':
      if (!Array.isArray(value) || (form.isFilled && value.length === 0)) return broken(form.isFilled ? 'a non-empty array' : 'an array')
      return value.map((item, index) => check(form.of, item, [...path, index], report))
    case 'record':
      return isRecord(value) ? checkRecord(form.of, value, path, report) : broken('an object')
    case 'object':
      // What stands in YAML under a name without options.
      if (value === null) return checkObject(form, {}, path, report)
      if (form.short !== undefined && typeof value === 'string') return checkObject(form, { [form.short]: given }, path, report)
      return isRecord(value) ? checkObject(form, value, path, report) : broken('an object')
    case 'use':
      return checkUse(form, value, path, report, broken)
  }
}

/** A text that came from variables stands for what the shape wants. */
function fitted(form: Form, text: string): unknown {
  const isNumber = text.trim() !== '' && Number.isFinite(Number(text))
  if ((form.kind === 'number' || form.kind === 'duration') && isNumber) return Number(text)
  return form.kind === 'flag' && /^(true|false)$/.test(text) ? text === 'true' : text
}

function follows({ integer, least = -Infinity, most = Infinity, above = -Infinity, below = Infinity }: NumberForm, value: unknown): boolean {
  if (typeof value !== 'number' || !Number.isFinite(value) || (integer && !Number.isSafeInteger(value))) return false
  return value >= least && value <= most && value > above && value < below
}

function numberRule({ integer, least, most, above, below }: NumberForm): string {
  if (integer) return `an integer >= ${least}`
  if (most !== undefined) return `a number from ${least} to ${most}`
  return below === undefined ? `a finite number above ${above}` : `a number above ${above} and below ${below}`
}

/** What a name must be, and which one was probably meant. */
export function choiceRule(value: unknown, names: readonly string[]): string {
  if (names.length === 0) return 'left out: there is no name to choose'
  return `one of ${names.map((name) => `'${name}'`).join(', ')}${meant(value, names)}`
}

function optionRule(name: string, names: readonly string[]): string {
  return nearest(name, names) === undefined ? `one of the options ${names.join(', ')}` : `a known option${meant(name, names)}`
}

function meant(value: unknown, names: Iterable<string>): string {
  const name = typeof value === 'string' ? nearest(value, names) : undefined
  return name === undefined ? '' : ` (did you mean '${name}'?)`
}

function checkRecord(of: Shape<unknown>, value: Readonly<Record<string, unknown>>, path: Path, report: Report): unknown {
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, check(of, item, [...path, name], report)]))
}

function checkObject({ fields, someOf }: ObjectForm, value: Readonly<Record<string, unknown>>, path: Path, report: Report): Record<string, unknown> {
  const checked: [string, unknown][] = []
  const names = Object.keys(fields)
  const given = new Set<string | undefined>()
  for (const [name, item] of Object.entries(value)) {
    if (Object.hasOwn(fields, name)) {
      // An explicit undefined means unset; it unsets what lies below.
      checked.push([name, item === undefined ? undefined : check(fields[name]!, item, [...path, name], report)])
      if (item !== undefined) given.add(name)
    } else {
      reportUnknown(item, [...path, name], optionRule(name, names), report)
      // It is not missing, it is misspelt.
      given.add(nearest(name, names))
    }
  }
  for (const name of names) if (fields[name]!.isRequired && !given.has(name)) report([...path, name], 'given', undefined)
  if (someOf.length > 0 && !someOf.some((name) => given.has(name))) report(path, `an object with ${someOf.join(' or ')}`, withoutSecrets(value))
  return Object.fromEntries(checked)
}

/** What an unknown option means is unknown too: it may be a secret. */
function reportUnknown(item: unknown, path: Path, rule: string, report: Report): void {
  report(path, rule, typeof item === 'object' && !(item instanceof Expanded) ? withoutSecrets(item) : HIDDEN)
  reportVariables(item, path, report)
}

function reportVariables(item: unknown, path: Path, report: Report): void {
  if (item instanceof Expanded) for (const rule of item.broken) report(path, rule, HIDDEN)
  else if (Array.isArray(item)) item.forEach((part, index) => reportVariables(part, [...path, index], report))
  else if (isRecord(item)) for (const [name, part] of Object.entries(item)) reportVariables(part, [...path, name], report)
}

function checkUse({ kinds, short }: UseForm, value: unknown, path: Path, report: Report, broken: (rule: string) => undefined): unknown {
  if (short && typeof value === 'string') return kinds.has(value) ? { use: value } : broken(choiceRule(value, [...kinds.keys()]))
  if (!isRecord(value)) return broken(short ? "a name, or an object with 'use'" : "an object with 'use'")
  const { use, ...options } = value
  const name = check(oneOf([...kinds.keys()]), use, [...path, 'use'], report)
  if (name !== undefined) return { use: name, ...checkObject(kinds.get(name)!.options.form, options, path, report) }
  reportVariables(options, path, report)
  return undefined
}

/** A value as a message may show it. */
function shown(form: Form, given: unknown): unknown {
  if (given instanceof Expanded) return shown(form, given.written)
  if (form.kind === 'text' && form.secret === true) return HIDDEN
  return withoutSecrets(given)
}

/** Credentials may stand where none belong, and anything in an object. */
export function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return maskCredentials(value)
  if (Array.isArray(value)) return value.map(() => HIDDEN)
  return typeof value === 'object' && value !== null ? {} : value
}
