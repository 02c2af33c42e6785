import { configShape, DURATION_PATTERN, type Form, type Kinds, type NumberForm, type ObjectForm, type Shape, type UseForm } from '@stratacache/core/config'

/** A JSON Schema of draft 7, which is what editors read. */
export interface JsonSchema {
  readonly [keyword: string]: unknown
}

/** What a text must hold to stand for something that is no text. */
const VARIABLE = '\\$\\{'

/** The schema of a configuration with these kinds. Kinds that it does not know are let through. */
export function jsonSchema(kinds: Kinds): JsonSchema {
  return { $schema: 'http://json-schema.org/draft-07/schema#', title: 'Caches of stratacache', ...ofShape(configShape(kinds)) }
}

function ofShape({ form, description, default: byDefault }: Shape<unknown>): JsonSchema {
  return { ...(description !== undefined && { description }), ...(byDefault !== undefined && { default: byDefault }), ...ofForm(form) }
}

function ofForm(form: Form): JsonSchema {
  switch (form.kind) {
    case 'text':
      return { type: 'string' }
    case 'duration':
      return { anyOf: [{ type: 'string', pattern: `${DURATION_PATTERN.source}|${VARIABLE}` }, { type: 'number', minimum: 0 }] }
    case 'number':
      return orVariable(ofNumber(form))
    case 'flag':
      return orVariable({ type: 'boolean' })
    case 'choice':
      return orVariable({ enum: form.names })
    case 'list':
      return { type: 'array', items: ofShape(form.of), ...(form.isFilled && { minItems: 1 }) }
    case 'record':
      return { type: 'object', additionalProperties: ofShape(form.of) }
    case 'object':
      return form.short === undefined ? ofObject(form) : { anyOf: [ofShape(form.fields[form.short]!), ofObject(form)] }
    case 'use':
      return ofUse(form)
  }
}

const orVariable = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'string', pattern: VARIABLE }] })

function ofNumber({ integer, least, most, above, below }: NumberForm): JsonSchema {
  const bounds = { minimum: least, maximum: most, exclusiveMinimum: above, exclusiveMaximum: below }
  return { type: integer ? 'integer' : 'number', ...Object.fromEntries(Object.entries(bounds).filter(([, bound]) => bound !== undefined)) }
}

function ofObject({ fields, someOf }: ObjectForm, properties: JsonSchema = {}): JsonSchema {
  const required = Object.keys(fields).filter((name) => fields[name]!.isRequired)
  const isOptional = required.length === 0 && someOf.length === 0
  return {
    // In YAML, a name without anything under it.
    type: isOptional ? ['object', 'null'] : 'object',
    properties: { ...properties, ...Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, ofShape(field)])) },
    additionalProperties: false,
    ...(required.length > 0 && { required }),
    ...(someOf.length > 0 && { anyOf: someOf.map((name) => ({ required: [name] })) }),
  }
}

function ofUse({ kinds, short }: UseForm): JsonSchema {
  const names: JsonSchema = {
    anyOf: [...[...kinds.values()].map(({ use, options: { description } }) => ({ const: use, ...(description !== undefined && { description }) })), { type: 'string' }],
  }
  const long: JsonSchema = {
    type: 'object',
    required: ['use'],
    properties: { use: names },
    allOf: [...kinds.values()].map(({ use, options }) => ({
      if: { properties: { use: { const: use } }, required: ['use'] },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      then: ofObject(options.form, { use: true }),
    })),
  }
  return short ? { anyOf: [names, long] } : long
}
