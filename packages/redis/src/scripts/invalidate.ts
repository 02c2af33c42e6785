import { ENVELOPE } from '@stratacache/core/shared'
import { CLOCK } from './clock.ts'
import { ENTRIES } from './entries.ts'
import { APPEND } from './log.ts'
import { type Script, script } from './script.ts'
import { STAMP_TAG, TAGS } from './tags.ts'

/*
 * Rules 2 and 12: entries and their leases go; softly invalidated entries stay and are marked stale. With a lag
 * the lease is held by nobody for that long. In chunks, because Lua's stack is small.
 */
const KILL = `
local CHUNK = 500

-- Entry and lease differ in the letter at 'letter'.
local function lease_of(entry, letter) return string.sub(entry, 1, letter - 1) .. 'l' .. string.sub(entry, letter + 1) end

local function bar(lease, lag)
  if redis.call('GET', lease) == BARRED then lag = math.max(lag, redis.call('PTTL', lease)) end
  redis.call('SET', lease, BARRED, 'PX', text(lag))
end

local function soften(entry, now)
  local head = head_of(entry)
  if not head then return end
  local soft = struct.unpack('<d', head, ${ENVELOPE.softAt + 1})
  if soft ~= 0 and soft <= now then return end
  redis.call('SETRANGE', entry, ${ENVELOPE.softAt}, sealed(now))
end

local function drop_leases(leases)
  local held = {}
  for i, token in ipairs(redis.call('MGET', unpack(leases))) do
    if token and token ~= BARRED then held[#held + 1] = leases[i] end
  end
  if #held > 0 then redis.call('UNLINK', unpack(held)) end
end

local function kill(first, last, letter, soft, now, lag)
  for from = first, last, CHUNK do
    local to, leases = math.min(from + CHUNK - 1, last), {}
    for i = from, to do
      local lease = lease_of(KEYS[i], letter)
      leases[#leases + 1] = lease
      if soft then soften(KEYS[i], now) end
      if lag > 0 then bar(lease, lag) end
    end
    if not soft then redis.call('UNLINK', unpack(KEYS, from, to)) end
    if lag == 0 then drop_leases(leases) end
  end
end
`

/**
 * Rule 2, in one step. KEYS: clock, log, tail, entries, tags. ARGV: how many entries, letter, soft, lag, life of a
 * tag's record, source, data, length.
 */
export const INVALIDATE: Script = script(
  CLOCK,
  TAGS,
  STAMP_TAG,
  ENTRIES,
  KILL,
  APPEND,
  `
local time, soft, lag = micros(), ARGV[3] == '1', tonumber(ARGV[4])
local prev, horizon = newest(KEYS[2])
local stamp = issue(KEYS[1], KEYS[2], time, prev)
local entries = 3 + tonumber(ARGV[1])
kill(4, entries, tonumber(ARGV[2]), soft, time / 1000, lag)
for i = entries + 1, #KEYS do stamp_tag(KEYS[i], stamp + lag * 1000, soft, time, tonumber(ARGV[5])) end
append(KEYS[2], KEYS[3], stamp, prev, horizon, lag, ARGV[6], ARGV[7], ARGV[8])
return { stamp, time }
`,
)

/** Cluster: the keys of one slot. KEYS: entries. ARGV: letter, soft, time in ms, lag. */
export const KILL_SLOT: Script = script(
  CLOCK,
  ENTRIES,
  KILL,
  `
kill(1, #KEYS, tonumber(ARGV[1]), ARGV[2] == '1', tonumber(ARGV[3]), tonumber(ARGV[4]))
return 1
`,
)
