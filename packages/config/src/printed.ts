import { configShape, type Form, type Kinds, HIDDEN, maskCredentials, type Plan, type Shape } from '@stratacache/core/config'

/** The data of a plan with every default in its place, and without secrets. */
export function printed({ resolved }: Plan, kinds: Kinds): unknown {
  return shown(configShape(kinds), resolved)
}

function shown(shape: Shape<unknown>, given: unknown): unknown {
  const value = given === undefined ? shape.default : given
  return value === undefined ? undefined : shownForm(shape.form, value)
}

function shownForm(form: Form, value: unknown): unknown {
  switch (form.kind) {
    case 'text':
      if (form.secret === true) return HIDDEN
      // Nobody has to have said so of an address.
      return form.secret === 'url' || /:\/\/.*@/s.test(value as string) ? maskCredentials(value as string) : value
    case 'list':
      return (value as readonly unknown[]).map((item) => shown(form.of, item))
    case 'record':
      return Object.fromEntries(Object.entries(value as object).map(([name, item]) => [name, shown(form.of, item)]))
    case 'object':
      return shownFields(form.fields, value as Readonly<Record<string, unknown>>)
    case 'use': {
      if (typeof value === 'string') return { use: value }
      const { use, ...options } = value as { readonly use: string }
      return { use, ...shownFields(form.kinds.get(use)!.options.form.fields, options) }
    }
    case 'duration':
    case 'number':
    case 'flag':
    case 'choice':
      return value
  }
}

function shownFields(fields: Readonly<Record<string, Shape<unknown>>>, value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const all = Object.entries(fields).map(([name, field]) => [name, shown(field, value[name])] as const)
  return Object.fromEntries(all.filter(([, item]) => item !== undefined))
}
