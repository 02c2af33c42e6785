import { ENVELOPE } from '@stratacache/core/shared'
import { CLOCK } from './clock.ts'
import { ENTRIES } from './entries.ts'
import { APPEND } from './log.ts'
import { type Script, script } from './script.ts'
import { TAGS } from './tags.ts'

/* Rule 9: a write with a version is refused where an equal or newer one is stored. */
const VERSIONS = `
local function is_superseded(head, version)
  if not head or version == '' then return false end
  local stored = version_of(head)
  if #stored ~= #version then return #stored > #version end
  return stored >= version
end

-- The envelope with its asOf.
local function stamped(bytes, stamp)
  return string.sub(bytes, 1, ${ENVELOPE.asOf}) .. sealed(stamp) .. string.sub(bytes, ${ENVELOPE.asOf + 17})
end
`

/**
 * Rule 9: an explicit write, ordered by its stamp. It kills the key's lease and tells the other processes.
 *
 * KEYS: entry, lease, clock, log, tail, tags. ARGV: deadline, version, ttl, life of a tag's record, source, data,
 * length, entry, tags as JSON.
 */
export const WRITE: Script = script(
  CLOCK,
  TAGS,
  ENTRIES,
  VERSIONS,
  APPEND,
  `
local time, ttl = micros(), ARGV[3]
if is_late(time, ARGV[1]) then return late(time) end
if is_superseded(head_of(KEYS[1]), ARGV[2]) then return 0 end
local prev, horizon = newest(KEYS[4])
local stamp = issue(KEYS[3], KEYS[4], time, prev)
store(KEYS[1], stamped(ARGV[8], stamp), ttl)
drop_lease(KEYS[2])
if ttl ~= '' then ttl = tonumber(ttl) end
for i = 6, #KEYS do
  if not tag_stamps(KEYS[i]) then
    redis.call('SET', KEYS[i], text(resolve(KEYS[4], ARGV[i + 3], stamp) or stamp), 'PX', ARGV[4])
  end
  prolong(KEYS[i], ttl)
end
append(KEYS[4], KEYS[5], stamp, prev, horizon, 0, ARGV[5], ARGV[6], ARGV[7])
return { stamp, time }
`,
)

/**
 * Cluster: the step on the entry's slot, which orders the writes of a key: each is stamped later than the one it
 * replaces. KEYS: entry, lease. ARGV: stamp, version, ttl, entry. Returns the entry's asOf, 0 when superseded.
 */
export const WRITE_ONE: Script = script(
  CLOCK,
  ENTRIES,
  VERSIONS,
  `
local head, stamp = head_of(KEYS[1]), tonumber(ARGV[1])
if is_superseded(head, ARGV[2]) then return 0 end
if head then stamp = math.max(stamp, as_of(head) + 1) end
store(KEYS[1], stamped(ARGV[4], stamp), ARGV[3])
drop_lease(KEYS[2])
return stamp
`,
)

/**
 * Cluster: gives a written entry the stamp of its record in the log. KEYS: entry. ARGV: asOf, stamp. Returns 0
 * when another entry, or none, has taken its place.
 */
export const RESTAMP: Script = script(
  ENTRIES,
  `
local head = head_of(KEYS[1])
if not head or as_of(head) ~= tonumber(ARGV[1]) then return 0 end
redis.call('SETRANGE', KEYS[1], ${ENVELOPE.asOf}, sealed(tonumber(ARGV[2])))
return 1
`,
)
