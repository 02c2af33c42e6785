import { CLOCK } from './clock.ts'
import { ENTRIES } from './entries.ts'
import { type Script, script } from './script.ts'
import { TAGS } from './tags.ts'

/**
 * Rules 1 and 3: stores an entry if its lease stands and no tag is newer than its asOf. A fill makes missing
 * records of tags and prolongs all of them to outlive the entry. A tag about which the log does not reach back far
 * enough gets a fresh stamp: this fill is refused and the next load passes.
 *
 * KEYS: entry, lease, clock, log, tags. ARGV: token, asOf, ttl, life of a tag's record, entry, tags as JSON.
 */
export const FILL: Script = script(
  CLOCK,
  TAGS,
  ENTRIES,
  `
if token_of(KEYS[2]) ~= ARGV[1] then return 0 end
local as_of, ttl, fresh, refused = tonumber(ARGV[2]), ARGV[3], nil, false
for i = 5, #KEYS do
  local hard, soft = tag_stamps(KEYS[i])
  if not hard then
    hard, soft = resolve(KEYS[4], ARGV[i + 1], as_of), 0
    if not hard then
      fresh = fresh or issue(KEYS[3], KEYS[4], micros(), 0)
      hard = fresh
    end
    redis.call('SET', KEYS[i], text(hard), 'PX', ARGV[4])
  end
  if math.max(hard, soft) > as_of then refused = true end
end
redis.call('UNLINK', KEYS[2])
if refused then return 0 end
store(KEYS[1], ARGV[5], ttl)
if ttl ~= '' then ttl = tonumber(ttl) end
for i = 5, #KEYS do prolong(KEYS[i], ttl) end
return 1
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
