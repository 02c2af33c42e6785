import { ENVELOPE } from '@stratacache/core/shared'
import { type Script, script } from './script.ts'

/*
 * Entries and their leases. Of an entry only the fixed head of core's envelope is read and patched: asOf and
 * softAt, each with its seal, and the version. Lua counts from 1.
 */
export const ENTRIES: string = String.raw`
local BARRED = '\0'

-- The head of a stored envelope, up to the end of its version; nil for anything else.
local function head_of(key)
  local head = redis.call('GETRANGE', key, 0, ${ENVELOPE.version + 255})
  if #head <= ${ENVELOPE.version} or string.sub(head, 1, 2) ~= '\202\92' then return nil end
  return head
end

-- A number as the envelope holds it: with its seal.
local function sealed(number) return struct.pack('<d', number) .. struct.pack('<d', number * ${ENVELOPE.seal}) end

local function as_of(head) return (struct.unpack('<d', head, ${ENVELOPE.asOf + 1})) end

-- The digits of an envelope's version; '' for none, or where the envelope is damaged.
local function version_of(head)
  local length = string.byte(head, ${ENVELOPE.version + 1})
  return string.match(string.sub(head, ${ENVELOPE.version + 2}, ${ENVELOPE.version + 1} + length), '^%d+$') or ''
end

local function store(key, bytes, ttl)
  if ttl == '' then redis.call('SET', key, bytes) else redis.call('SET', key, bytes, 'PX', ttl) end
end

-- A lease holds its token and the stamp since which its load counts; nil for one that bars fills.
local function token_of(key)
  local lease = redis.call('GET', key)
  if lease then return string.match(lease, '^(.*) (%d+)$') end
end

-- A lease that bars fills stays until its time is over.
local function drop_lease(lease)
  if redis.call('GET', lease) ~= BARRED then redis.call('UNLINK', lease) end
end
`

/** Gives a lease back. KEYS: lease. ARGV: token. */
export const RELEASE: Script = script(
  ENTRIES,
  `
if token_of(KEYS[1]) == ARGV[1] then redis.call('UNLINK', KEYS[1]) end
return 1
`,
)

/** Removes an entry if it still is the one of `asOf`. KEYS: entry. ARGV: asOf. */
export const DISCARD: Script = script(
  ENTRIES,
  `
local head = head_of(KEYS[1])
if head and as_of(head) == tonumber(ARGV[1]) then redis.call('UNLINK', KEYS[1]) end
return 1
`,
)

/** The token of a key's lease. KEYS: lease. */
export const INSPECT: Script = script(
  ENTRIES,
  `
return (token_of(KEYS[1]))
`,
)
