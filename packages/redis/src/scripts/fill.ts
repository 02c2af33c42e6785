import { CLOCK } from './clock.ts'
import { ENTRIES } from './entries.ts'
import { APPEND } from './log.ts'
import { type Script, script } from './script.ts'
import { TAGS } from './tags.ts'

/*
 * Rules 1 and 3: stores an entry if its lease stands and no tag is newer than its asOf. A fill makes missing
 * records of tags and prolongs all of them to outlive the entry. A tag about which the log does not reach back far
 * enough gets a fresh stamp: this fill is refused and the next load passes.
 *
 * KEYS: entry, lease, clock, log, then from `first` on the tags. ARGV: token, asOf, ttl, life of a tag's record, entry,
 * then from `names` on the tags as JSON.
 */
const FILL_ENTRY = `
local function fill_entry(first, names)
  if token_of(KEYS[2]) ~= ARGV[1] then return false end
  local as_of, ttl, fresh, refused = tonumber(ARGV[2]), ARGV[3], nil, false
  for i = first, #KEYS do
    local hard, soft = tag_stamps(KEYS[i])
    if not hard then
      hard, soft = resolve(KEYS[4], ARGV[names + i - first], as_of), 0
      if not hard then
        fresh = fresh or issue(KEYS[3], KEYS[4], micros(), 0)
        hard = fresh
      end
      redis.call('SET', KEYS[i], text(hard), 'PX', ARGV[4])
    end
    if math.max(hard, soft) > as_of then refused = true end
  end
  redis.call('UNLINK', KEYS[2])
  if refused then return false end
  store(KEYS[1], ARGV[5], ttl)
  if ttl ~= '' then ttl = tonumber(ttl) end
  for i = first, #KEYS do prolong(KEYS[i], ttl) end
  return true
end
`

export const FILL: Script = script(CLOCK, TAGS, ENTRIES, FILL_ENTRY, 'return fill_entry(5, 6) and 1 or 0')

/**
 * A fill that the other processes are told of. As `FILL`, with tail, and with source, data and length of the record, before the tags.
 * Returns 0 where it is refused.
 */
export const WRITE_LEASED: Script = script(
  CLOCK,
  TAGS,
  ENTRIES,
  APPEND,
  FILL_ENTRY,
  `
if not fill_entry(6, 9) then return 0 end
local time = micros()
local prev, horizon = newest(KEYS[4])
local stamp = issue(KEYS[3], KEYS[4], time, prev)
append(KEYS[4], KEYS[5], stamp, prev, horizon, 0, ARGV[6], ARGV[7], ARGV[8])
return { stamp, time }
`,
)

/** Cluster: the step on the entry's slot. KEYS: entry, lease. ARGV: token, ttl, entry. */
export const FILL_ONE: Script = script(
  ENTRIES,
  `
if token_of(KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('UNLINK', KEYS[2])
store(KEYS[1], ARGV[3], ARGV[2])
return 1
`,
)
