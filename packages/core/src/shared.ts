/* For those who make shared tiers: `@stratacache/core/shared`. */
export { sharedTier, type SharedTierDefinition } from './shared-tier.ts'
export { structuredSerializer } from './structured-serializer.ts'
export { Codec, ENVELOPE } from './codec.ts'
export { type Encoding, ENCODING_OPTIONS, type EncodingOptions, resolveEncoding } from './encoding.ts'
export { type Broken, HIDDEN } from './option-issues.ts'
export { type SharedStore, stampTime } from './shared-store.ts'
export { uniqueId } from './random.ts'
export { RefusedError } from './error.ts'
