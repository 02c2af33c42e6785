import type { Cursor, TableName } from './cursor.ts'

/** What follows one of these is a table, or a list of tables. */
const BEFORE = ['FROM', 'JOIN', 'STRAIGHT_JOIN', 'USING', 'APPLY', 'TABLE', 'ONLY', 'LATERAL']
/** What begins a query or other rows, in the place of a table. */
const QUERY = ['SELECT', 'WITH', 'VALUES']
/** Where such a list ends. In some databases, some are tables or aliases. */
const BEHIND = ['SELECT', 'SET', 'VALUES', 'WHERE', 'GROUP', 'HAVING', 'ORDER', 'LIMIT', 'OFFSET', 'FETCH', 'UNION', 'EXCEPT', 'INTERSECT', 'RETURNING']

/**
 * The tables that are named where a table may stand, up to the end of a cursor, in parentheses too: after FROM and JOIN, and
 * after each comma of such a list. CTEs are among them; functions are not. `undefined` stands for one whose name is not known.
 *
 * @param isList whether the cursor is in a list of tables already
 */
export function readSources(cursor: Cursor, isList: boolean): (TableName | undefined)[] {
  const tables: (TableName | undefined)[] = []
  /** Of each parenthesis around, whether it is in a list. */
  const around: boolean[] = []
  let isInList = isList
  let isNext = isList
  while (!cursor.isDone) {
    if (cursor.skipSymbol('(')) {
      around.push(isInList)
      isInList = isNext
    } else if (cursor.skipSymbol(')')) {
      isInList = around.pop() ?? false
      isNext = false
    } else if (cursor.skipSymbol(',')) isNext = isInList
    else if (cursor.skipWord(...BEFORE)) isInList = isNext = true
    else if (!isNext) {
      // An alias, where a comma follows.
      if (!cursor.isSymbol(',', 1) && (cursor.skipWord(...BEHIND) || skipOutput(cursor))) isInList = false
      else cursor.at++
    } else if (cursor.skipWord(...QUERY)) isInList = isNext = false
    // { OJ a LEFT JOIN b }
    else if (cursor.skipSymbol('{')) cursor.skipWord('OJ')
    else {
      isNext = false
      const isNamed = cursor.isName
      const table = isNamed ? cursor.table() : undefined
      // Not a function.
      if (isNamed && !cursor.isSymbol('(')) tables.push(table)
      if (isNamed) continue
      if (isNameless(cursor)) tables.push(undefined)
      cursor.at++
    }
  }
  return tables
}

/** MSSQL: OUTPUT DELETED.id, DELETED.name */
function skipOutput(cursor: Cursor): boolean {
  const { kind, text = '' } = cursor.peek(1) ?? {}
  return (kind === 'word' || kind === 'name') && /^(?:DELETED|INSERTED)$/i.test(text) && cursor.skipWord('OUTPUT')
}

/** SQLite takes a text for a name, mysql2 a parameter. */
function isNameless(cursor: Cursor): boolean {
  const token = cursor.peek()
  return token?.kind === 'string' || (token?.kind === 'parameter' && token.text === '??')
}
