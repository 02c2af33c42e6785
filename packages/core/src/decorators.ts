/* Standard (stage 3) decorators: `@stratacache/core/decorators`. */
export { cached, type CachedOptions } from './decorators/cached.ts'
export { invalidates } from './decorators/invalidates.ts'
export type { CacheOf } from './decorators/decorated.ts'
