/** Turns values into bytes and back. What it cannot represent must throw, never change silently. */
export interface Serializer {
  readonly name: string
  /** @throws SerializationError when the value cannot be represented. */
  serialize(value: unknown): Uint8Array
  /**
   * Inverse of `serialize`. Each call returns a new value.
   *
   * @param start where in `bytes` the value begins; what is before is not its own. Default 0.
   */
  deserialize(bytes: Uint8Array, start?: number): unknown
}
