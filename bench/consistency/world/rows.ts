/** What the source of truth holds, and the caches. */
export interface Item {
  readonly key: number
  readonly version: number
  readonly owner: number
  readonly payload: string
}

/** An item in a cache: with the time at which its load or its write began, to be told from others of its version. */
export interface Copy extends Item {
  readonly since: number
  readonly by: 'load' | 'set'
}

/** Keys below this are invalidated by their writers; those from here on are only written with `set` and a version. */
export const INVALIDATED_KEYS = 160
export const KEYS = 200
export const GROUPS = 8
export const OWNERS = 8

export const isSetKey = (key: number): boolean => key >= INVALIDATED_KEYS
export const groupOfKey = (key: number): number => key % GROUPS
const payloadOf = (key: number, version: number): string => `payload of ${key} in version ${version}`

export const isItem = (value: Item): boolean => value.payload === payloadOf(value.key, value.version)

export const groupTag = (group: number): string => `group:${group}`
export const ownerTag = (owner: number): string => `owner:${owner}`

/** The tags that a caller knows without the value. */
export const knownTags = (key: number): readonly string[] => (isSetKey(key) ? [] : [groupTag(groupOfKey(key))])

/** The tags that only the loader knows. */
export const ownerTags = ({ key, owner }: Item): readonly string[] => (isSetKey(key) ? [] : [ownerTag(owner)])
