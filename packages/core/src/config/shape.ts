import type { Duration } from '../duration.ts'

/**
 * What a value of a configuration must be. One description of it is read by three: the check that finds every mistake
 * (`check.ts`), the JSON Schema and what `print` shows (both in `@stratacache/config`). Its type is that of the data.
 */
export interface Shape<T> {
  readonly form: Form
  /** For people: editors show it. */
  readonly description?: string | undefined
  /** What holds where nothing is given. It is shown, not applied: whoever uses the data knows it. */
  readonly default?: unknown
  readonly isRequired?: boolean | undefined
  /** Never there; carries the type. */
  readonly type?: T
}

/** The type of the data that a shape describes. */
export type DataOf<S> = S extends Shape<infer T> ? T : never

export type Form =
  | TextForm
  | { readonly kind: 'duration' }
  | NumberForm
  | { readonly kind: 'flag' }
  | { readonly kind: 'choice'; readonly names: readonly string[] }
  | { readonly kind: 'list'; readonly of: Shape<unknown>; readonly isFilled: boolean }
  /** Names of the reader's choice, each with a value of the same shape. */
  | { readonly kind: 'record'; readonly of: Shape<unknown> }
  | ObjectForm
  | UseForm

export interface TextForm {
  readonly kind: 'text'
  /** Never shown: nothing of it, or not the credentials of an address. */
  readonly secret: boolean | 'url'
}

export interface NumberForm {
  readonly kind: 'number'
  readonly integer: boolean
  readonly least?: number
  readonly most?: number
  readonly above?: number
  readonly below?: number
}

export interface ObjectForm {
  readonly kind: 'object'
  readonly fields: Readonly<Record<string, Shape<unknown>>>
  /** At least one of these must be given. */
  readonly someOf: readonly string[]
  /** The field that a text in the object's place stands for. */
  readonly short: string | undefined
}

/** An object whose `use` names one of several kinds, each with options of its own. */
export interface UseForm {
  readonly kind: 'use'
  readonly kinds: ReadonlyMap<string, Usable>
  /** Whether the name alone will do. */
  readonly short: boolean
}

export interface Usable {
  readonly use: string
  readonly options: ObjectShape<object>
}

export interface ObjectShape<T> extends Shape<T> {
  readonly form: ObjectForm
}

export interface Notes<T> {
  readonly description?: string
  readonly default?: T
}

/** What `object` makes of its fields. */
export type ObjectData<F> = {
  readonly [K in keyof F as F[K] extends { readonly isRequired: true } ? K : never]: DataOf<F[K]>
} & {
  readonly [K in keyof F as F[K] extends { readonly isRequired: true } ? never : K]?: DataOf<F[K]> | undefined
}

/** One shape for every field of a type: a field that is added to the type and has none does not compile. */
export type FieldsOf<T> = { readonly [K in keyof T]-?: Shape<Exclude<T[K], undefined>> }

/** A string. `secret`: never shown; `'url'`: shown without credentials. */
export const text = ({ secret = false, ...notes }: Notes<string> & { readonly secret?: boolean | 'url' } = {}): Shape<string> =>
  ({ form: { kind: 'text', secret }, ...notes })

/** A length of time: milliseconds, or a string with its unit. */
export const duration = (notes: Notes<Duration> = {}): Shape<Duration> => ({ form: { kind: 'duration' }, ...notes })

/** An integer, at least `least` (default 1). */
export const count = ({ least = 1, ...notes }: Notes<number> & { readonly least?: number } = {}): Shape<number> =>
  ({ form: { kind: 'number', integer: true, least }, ...notes })

/** A number from 0 to 1; `open`: without 0 and 1 themselves. */
export const fraction = ({ open = false, ...notes }: Notes<number> & { readonly open?: boolean } = {}): Shape<number> =>
  ({ form: { kind: 'number', integer: false, ...(open ? { above: 0, below: 1 } : { least: 0, most: 1 }) }, ...notes })

/** A finite number above 0. */
export const factor = (notes: Notes<number> = {}): Shape<number> => ({ form: { kind: 'number', integer: false, above: 0 }, ...notes })

/** `true` or `false`. */
export const flag = (notes: Notes<boolean> = {}): Shape<boolean> => ({ form: { kind: 'flag' }, ...notes })

/** One of these names. */
export const oneOf = <const N extends string>(names: readonly N[], notes: Notes<NoInfer<N>> = {}): Shape<N> => ({ form: { kind: 'choice', names }, ...notes })

/** A list; `isFilled`: not an empty one. */
export const listOf = <T>(of: Shape<T>, { isFilled = false, ...notes }: Notes<readonly T[]> & { readonly isFilled?: boolean } = {}): Shape<readonly T[]> =>
  ({ form: { kind: 'list', of, isFilled }, ...notes })

export const record = <T>(of: Shape<T>, notes: Notes<Readonly<Record<string, T>>> = {}): Shape<Readonly<Record<string, T>>> =>
  ({ form: { kind: 'record', of }, ...notes })

/**
 * An object with these fields and no others. They may be left out, unless they are `required`.
 *
 * @param notes.someOf fields of which at least one must be given.
 * @param notes.short the field that a text in the object's place stands for.
 * @example
 * ```ts
 * const disk = object({
 *   path: required(text({ description: 'The file.' })),
 *   maxBytes: count({ default: 1_000_000 }),
 *   sync: flag(),
 * })
 * Object.keys(disk.form.fields) // ['path', 'maxBytes', 'sync']
 * ```
 */
export const object = <const F extends Readonly<Record<string, Shape<unknown>>>, const S extends keyof F & string = never>(
  fields: F,
  { someOf = [], short, ...notes }: Notes<object> & { readonly someOf?: readonly S[]; readonly short?: keyof F & string } = {},
): ObjectShape<[S] extends [never] ? ObjectData<F> : ObjectData<F> & { readonly [K in S]: { readonly [P in K]: DataOf<F[P]> } }[S]> =>
  ({ form: { kind: 'object', fields, someOf, short }, ...notes })

/** The same, and it may not be left out. */
export const required = <S extends Shape<unknown>>(shape: S): S & { readonly isRequired: true } => ({ ...shape, isRequired: true })

/** An object with `use` and the options of that kind; `short`: or just the name. */
export const use = (kinds: Iterable<Usable>, { short = false, ...notes }: Notes<string> & { readonly short?: boolean } = {}): Shape<Used> =>
  ({ form: { kind: 'use', kinds: new Map([...kinds].map((kind) => [kind.use, kind])), short }, ...notes })

/** A kind's name with its options. */
export interface Used {
  readonly use: string
  readonly [option: string]: unknown
}

/** Whether a part of it must never be shown. */
export function holdsSecret({ form }: Shape<unknown>): boolean {
  if (form.kind === 'object') return Object.values(form.fields).some(holdsSecret)
  return form.kind === 'list' || form.kind === 'record' ? holdsSecret(form.of) : form.kind === 'text' && form.secret === true
}
