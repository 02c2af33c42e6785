/** A column of a table, made longer. What it held is kept. */
export function enlarged<Column extends Float64Array | Float32Array | Uint32Array | Uint8Array>(column: Column, length: number): Column {
  const larger = new (column.constructor as new (length: number) => Column)(length)
  larger.set(column)
  return larger
}
