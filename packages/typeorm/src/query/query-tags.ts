/** Every result of a query: what `clear` invalidates. */
export const ALL_QUERIES = '@typeorm:queries'

/**
 * The tag of an `id` given by the application. TypeORM appends a suffix to the id of the queries that it makes of one
 * `find`: they go together.
 */
export const idTag = (id: string): string => `@typeorm:id:${id.replace(/(?:-pagination|-count)+$/, '')}`
