import { CLOCK } from './clock.ts'
import { type Script, script } from './script.ts'

/*
 * The log (rules 2, 5 and 6): a stream whose ids are stamps. Every record names the one before it, so that a
 * reader notices what it has missed. Fields: p = stamp of the record before, s = source, d = JSON with what is
 * invalidated (log-record.ts), and h = until which stamp a lag of this record or of one before it reaches, while
 * that is ahead.
 */
export const APPEND: string = `
local function append(log, tail, stamp, prev, horizon, lag, source, data, length)
  local fields = { 'p', text(prev), 's', source, 'd', data }
  horizon = math.max(horizon, stamp + lag * 1000)
  if horizon > stamp then
    fields[7] = 'h'
    fields[8] = text(horizon)
  end
  redis.call('XADD', log, 'MAXLEN', '~', length, text(stamp) .. '-0', unpack(fields))
  redis.call('SET', tail, text(stamp))
end
`

/**
 * Where a reader begins: the newest position. A log that is gone gets a first record, so that its next loss can be
 * told from its absence. KEYS: clock, log, tail. ARGV: what the first record holds, length.
 */
export const START: Script = script(
  CLOCK,
  APPEND,
  `
local time = micros()
local stamp = newest(KEYS[2])
if stamp == 0 then
  stamp = issue(KEYS[1], KEYS[2], time, 0)
  append(KEYS[2], KEYS[3], stamp, 0, 0, 0, '', ARGV[1], ARGV[2])
else
  -- Not where memory is full; reads then ask for the stamps of tags.
  redis.pcall('SET', KEYS[3], text(stamp), 'NX')
end
return { stamp, time }
`,
)

/** The stamp of the newest record, 0 where there is none; mends the key that should say so. KEYS: log, tail. */
export const NEWEST: Script = script(
  CLOCK,
  `
local stamp = newest(KEYS[1])
if stamp > 0 then redis.pcall('SET', KEYS[2], text(stamp)) end
return stamp
`,
)

/**
 * Cluster: the last step of a write or an invalidation. The record's stamp is the one given where it still is the
 * newest, else a fresh one. KEYS: clock, log, tail. ARGV: stamp, lag, source, data, length.
 */
export const APPEND_RECORD: Script = script(
  CLOCK,
  APPEND,
  `
local time = micros()
local prev, horizon = newest(KEYS[2])
local stamp = tonumber(ARGV[1])
if stamp <= prev then
  stamp = issue(KEYS[1], KEYS[2], time, prev)
elseif stamp > (tonumber(redis.call('GET', KEYS[1])) or 0) then
  redis.call('SET', KEYS[1], text(stamp))
end
append(KEYS[2], KEYS[3], stamp, prev, horizon, tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5])
return { stamp, time }
`,
)
