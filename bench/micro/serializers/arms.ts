import { json } from '@stratacache/core'
import { structuredSerializer } from '@stratacache/core/shared'
import * as cborX from 'cbor-x'
import * as devalue from 'devalue'
import * as msgpackr from 'msgpackr'
import * as v8 from 'node:v8'
import * as seroval from 'seroval'
import superjson from 'superjson'

/** A serializer as it is timed: to bytes and back. */
export interface SerializerArm {
  readonly name: string
  serialize(value: unknown): Uint8Array
  deserialize(bytes: Uint8Array): unknown
}

const text = (name: string, write: (value: unknown) => string, read: (text: string) => unknown): SerializerArm => ({
  name,
  serialize: (value) => Buffer.from(write(value)),
  deserialize: (bytes) => read((bytes as Buffer).toString()),
})

const STRUCTURED = { structuredClone: true, moreTypes: true } as const
const msgpack = new msgpackr.Packr(STRUCTURED)
const bundled = new msgpackr.Packr({ ...STRUCTURED, bundleStrings: true })
const plainMsgpack = new msgpackr.Packr({ useRecords: false })
const cbor = new cborX.Encoder({ structuredClone: true })

export const PLAIN = text('JSON', JSON.stringify, JSON.parse)
export const DEFAULT: SerializerArm = { ...structuredSerializer(), name: 'structuredSerializer()' }

export const ARMS: readonly SerializerArm[] = [
  PLAIN,
  DEFAULT,
  { ...json(), name: 'json()' },
  { name: 'node:v8', serialize: v8.serialize, deserialize: v8.deserialize },
  { name: 'msgpackr, structuredClone', serialize: (value) => msgpack.pack(value), deserialize: (bytes) => msgpack.unpack(bytes) },
  { name: 'msgpackr, structuredClone, bundleStrings', serialize: (value) => bundled.pack(value), deserialize: (bytes) => bundled.unpack(bytes) },
  { name: 'msgpackr, useRecords: false', serialize: (value) => plainMsgpack.pack(value), deserialize: (bytes) => plainMsgpack.unpack(bytes) },
  { name: 'cbor-x, structuredClone', serialize: (value) => cbor.encode(value), deserialize: (bytes) => cbor.decode(bytes) },
  text('devalue', (value) => devalue.stringify(value), (written) => devalue.parse(written)),
  text('superjson', (value) => superjson.stringify(value), (written) => superjson.parse(written)),
  text('seroval', (value) => JSON.stringify(seroval.toJSON(value)), (written) => seroval.fromJSON(JSON.parse(written) as seroval.SerovalJSON)),
]
