/** Turns values into bytes and back. What it cannot represent must throw, never change silently. */
export interface Serializer {
  readonly name: string
  /** @throws SerializationError when the value cannot be represented. */
  serialize(value: unknown): Uint8Array
  /** Inverse of `serialize`. Each call returns a new value. */
  deserialize(bytes: Uint8Array): unknown
}
