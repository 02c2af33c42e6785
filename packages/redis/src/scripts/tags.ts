import { CLOCK } from './clock.ts'
import { type Script, script } from './script.ts'

/*
 * Records of tags (rule 3): `hard` or `hard,soft`, stamps in decimal. A missing record may mean that the tag was
 * never invalidated, or that the record was lost; the log tells which, as far as it reaches.
 */
export const TAGS: string = `
local MARGIN = 60000

-- hard, soft; nil where there is no record.
local function tag_stamps(key)
  local record = redis.call('GET', key)
  if not record then return nil end
  local hard, soft = string.match(record, '^(%d+),?(%d*)$')
  return tonumber(hard), tonumber(soft) or 0
end

-- Makes a record outlive an entry that ends in ttl ms ('' for never), with a margin that spares most later calls.
local function prolong(key, ttl)
  if ttl == '' then
    redis.call('PERSIST', key)
    return
  end
  local left = redis.call('PTTL', key)
  if left >= 0 and left < ttl + MARGIN then redis.call('PEXPIRE', key, text(ttl + 2 * MARGIN)) end
end

-- Whether a record of the log, {"t":[tags],"k":[keys]...}, names the tag, given as JSON.
local function names(data, tag)
  local at = string.find(data, tag, 7, true)
  return at and at < (string.find(data, '],"k":[', 1, true) or 0)
end

-- What a missing record has to say for an entry of 'as_of': the latest stamp that invalidations in the log give
-- the tag; else a stamp from which on the log shows that there was none; nil where the log does not reach back as
-- far as any that could concern the entry.
local function resolve(log, tag, as_of)
  local to, scanned, found, count = '+', 0, 0, 1
  repeat
    -- Mostly the newest record tells, and one may be large: more are only fetched when it does not.
    local asked = count
    local records = redis.call('XREVRANGE', log, to, '-', 'COUNT', asked)
    count = math.min(asked * 4, 64)
    local oldest, horizon
    for _, record in ipairs(records) do
      local fields, data = record[2], ''
      oldest = stamp_of(record[1])
      horizon = oldest
      for i = 1, #fields, 2 do
        if fields[i] == 'd' then data = fields[i + 1] end
        if fields[i] == 'h' then horizon = tonumber(fields[i + 1]) end
      end
      if names(data, tag) then
        local lag = tonumber(string.match(data, '"g":(%d+)}$')) or 0
        found = math.max(found, oldest + lag * 1000)
      end
    end
    if oldest and math.max(oldest, horizon) <= as_of then return math.max(oldest, found) end
    scanned = scanned + #records
    if oldest then to = text(oldest - 1) end
  until #records < asked or scanned >= 1024
  return found > 0 and found or nil
end
`

/** Stamps a tag: the later of what stands and what comes, so that a lag is not cut short. */
export const STAMP_TAG: string = `
-- life: ms that the record outlives its stamp at least, for loads in flight to meet it.
local function stamp_tag(key, stamp, soft, time, life)
  local hard, old = tag_stamps(key)
  if hard and soft then
    redis.call('SET', key, text(hard) .. ',' .. text(math.max(old, stamp)), 'KEEPTTL')
    prolong(key, life)
    return
  end
  stamp = math.max(stamp, hard or 0)
  redis.call('SET', key, text(stamp), 'PX', text(life + math.ceil((stamp - time) / 1000)))
end
`

/**
 * Cluster: what a tag's record says, made to outlive an entry; made where it is missing and a stamp is given.
 * KEYS: tag. ARGV: ttl, stamp or ''. Returns the record.
 */
export const TOUCH_TAG: Script = script(
  CLOCK,
  TAGS,
  `
local ttl = ARGV[1] == '' and '' or tonumber(ARGV[1])
if not tag_stamps(KEYS[1]) then
  if ARGV[2] == '' then return false end
  redis.call('SET', KEYS[1], ARGV[2], 'PX', text(MARGIN))
end
prolong(KEYS[1], ttl)
return redis.call('GET', KEYS[1])
`,
)

/**
 * Cluster: stamps for missing records. KEYS: clock, log. ARGV: asOf, the stamp where the log does not tell or ''
 * for a fresh one, then tags as JSON.
 */
export const RESOLVE_TAGS: Script = script(
  CLOCK,
  TAGS,
  `
local stamps, unknown = {}, ARGV[2]
for i = 3, #ARGV do
  local stamp = resolve(KEYS[2], ARGV[i], tonumber(ARGV[1]))
  if stamp then
    stamps[i - 2] = text(stamp)
  else
    if unknown == '' then unknown = text(issue(KEYS[1], KEYS[2], micros(), 0)) end
    stamps[i - 2] = unknown
  end
end
return stamps
`,
)

/** Cluster: stamps tags. KEYS: tags of one slot. ARGV: stamp with its lag, soft, time, life. */
export const STAMP_TAGS: Script = script(
  CLOCK,
  TAGS,
  STAMP_TAG,
  `
for i = 1, #KEYS do stamp_tag(KEYS[i], tonumber(ARGV[1]), ARGV[2] == '1', tonumber(ARGV[3]), tonumber(ARGV[4])) end
return 1
`,
)
