/** V8 keeps an array that is begun longer than this as a dictionary. */
const LONGEST_BEGIN = 2 ** 25

/** A column of a table, made longer. What it held is kept. */
export function enlarged<Column extends Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array>(column: Column, length: number): Column {
  const larger = new (column.constructor as new (length: number) => Column)(length)
  larger.set(column)
  return larger
}

/** As `enlarged`, of objects: an array that grows by itself would be half as long again as it has to be. */
export function enlargedList<T>(list: readonly T[], length: number): T[] {
  const larger = Array.from<T>({ length: Math.min(length, LONGEST_BEGIN) })
  for (let index = 0; index < list.length; index++) larger[index] = list[index]!
  return larger
}
