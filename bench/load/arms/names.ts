export const NO_CACHE = 'no cache'
export const STRATACACHE = 'stratacache'
export const BENTOCACHE = 'bentocache'
