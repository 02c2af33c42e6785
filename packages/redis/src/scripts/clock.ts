import { type Script, script } from './script.ts'

/*
 * The logical clock (docs/design/coherence.md, "stamp"): max(previous + 1, server time in microseconds), written
 * back whenever a stamp is issued. Where its record is lost, the newest record of the log takes its place, so that
 * neither a lost record nor a stepped clock takes stamps back. Stamps stay below 2^53; Lua would print them
 * rounded, so they are formatted with `text`.
 */
export const CLOCK: string = `
local function text(number) return string.format('%.0f', number) end

local function micros()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

local function stamp_of(id) return tonumber(string.match(id, '^%d+')) end

-- The stamp of the log's newest record and until when a lag reaches (see log.ts); 0 when there is none.
local function newest(log)
  local record = redis.call('XREVRANGE', log, '+', '-', 'COUNT', 1)[1]
  if not record then return 0, 0 end
  local stamp, fields = stamp_of(record[1]), record[2]
  for i = 1, #fields, 2 do
    if fields[i] == 'h' then return stamp, math.max(stamp, tonumber(fields[i + 1])) end
  end
  return stamp, stamp
end

-- A stamp later than every one before it, and than 'after'.
local function issue(clock, log, time, after)
  local last = tonumber(redis.call('GET', clock)) or newest(log)
  local stamp = math.max(last + 1, after + 1, time)
  redis.call('SET', clock, text(stamp))
  return stamp
end

-- A command that waited too long on its way must not be executed: nobody waits for it any more (rule 10).
local function is_late(time, deadline) return time > tonumber(deadline) end
local function late(time) return redis.error_reply('LATE ' .. text(time)) end
`

/** The server's time. KEYS: clock, which only routes it. */
export const TIME: Script = script(CLOCK, 'return micros()')

/** Cluster: a fresh stamp. KEYS: clock, log. ARGV: deadline. */
export const STAMP: Script = script(
  CLOCK,
  `
local time = micros()
if is_late(time, ARGV[1]) then return late(time) end
return { issue(KEYS[1], KEYS[2], time, 0), time }
`,
)
