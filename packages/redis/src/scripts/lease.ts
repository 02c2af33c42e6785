import { CLOCK } from './clock.ts'
import { ENTRIES } from './entries.ts'
import { type Script, script } from './script.ts'

/*
 * Rule 1: a lease is set only where none is, or in place of the token that is named, and where no newer entry than
 * the one seen is stored. Replies: the entry; 0 while fills are barred; token, remaining ms and stamp of the holder;
 * 1 for granted, { version } where the entry that is stored has one.
 */
const LEASE_KEY = `
local function lease_key(entry, lease, stamp, token, ttl, seen, replaces)
  local head = head_of(entry)
  if head and as_of(head) > tonumber(seen) then return redis.call('GET', entry) end
  if redis.call('GET', lease) == BARRED then return 0 end
  local holder, since = token_of(lease)
  if holder and holder ~= replaces then return { holder, redis.call('PTTL', lease), since } end
  redis.call('SET', lease, token .. ' ' .. text(stamp), 'PX', ttl)
  local version = head and version_of(head) or ''
  return version == '' and 1 or { version }
end
`

/** KEYS: clock, log, then entry and lease of each. ARGV: deadline, then token, ttl, seen, replaces of each. */
export const LEASE: Script = script(
  CLOCK,
  ENTRIES,
  LEASE_KEY,
  `
local time = micros()
if is_late(time, ARGV[1]) then return late(time) end
local stamp = issue(KEYS[1], KEYS[2], time, 0)
local replies = { stamp, time }
for i = 3, #KEYS, 2 do
  local at = 2 + (i - 3) * 2
  replies[#replies + 1] = lease_key(KEYS[i], KEYS[i + 1], stamp, ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3])
end
return replies
`,
)

/**
 * Cluster: one key's lease. Its stamp is issued apart, at the same time; this node's clock stands in for it, which is
 * near enough to tell others whether the load is worth waiting for. KEYS: entry, lease. ARGV: token, ttl, seen, replaces.
 */
export const LEASE_ONE: Script = script(
  CLOCK,
  ENTRIES,
  LEASE_KEY,
  'return lease_key(KEYS[1], KEYS[2], micros(), ARGV[1], ARGV[2], ARGV[3], ARGV[4])',
)
