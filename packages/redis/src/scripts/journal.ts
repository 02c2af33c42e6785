import { CLOCK } from './clock.ts'
import { type Script, script } from './script.ts'

/*
 * A journal of changes: a stream with a consumer group, in which every process is a consumer whose pending entries are those it
 * looks after. Fields of an entry: k = text of the changed key, e = the change. Beside it a hash with the newest entry of each
 * key, and for each process a key that lives as long as the process gives signs of life.
 */
const JOURNAL = `
local GROUP = 'strata'

-- Whether entry a was appended after entry b.
local function is_newer(a, b)
  local a_ms, a_seq = string.match(a, '^(%d+)-(%d+)$')
  local b_ms, b_seq = string.match(b, '^(%d+)-(%d+)$')
  if a_ms ~= b_ms then return tonumber(a_ms) > tonumber(b_ms) end
  return tonumber(a_seq) > tonumber(b_seq)
end

-- k of an entry's fields, and e.
local function parts(fields)
  local key, change
  for i = 1, #fields, 2 do
    if fields[i] == 'k' then key = fields[i + 1] end
    if fields[i] == 'e' then change = fields[i + 1] end
  end
  return key, change
end

-- Without entries there is nothing to be newer than.
local function tidy(stream, newest)
  if redis.call('XLEN', stream) == 0 then redis.call('DEL', newest) end
end

local function remove(stream, id)
  redis.call('XACK', stream, GROUP, id)
  redis.call('XDEL', stream, id)
end
`

/** KEYS: stream, newest, sign of life. ARGV: deadline, process, life of the sign in ms, key, change. Returns the entry's id. */
export const JOURNAL_APPEND: Script = script(
  CLOCK,
  JOURNAL,
  `
local time = micros()
if is_late(time, ARGV[1]) then return late(time) end
redis.pcall('XGROUP', 'CREATE', KEYS[1], GROUP, '0', 'MKSTREAM')
local id = redis.call('XADD', KEYS[1], '*', 'k', ARGV[4], 'e', ARGV[5])
-- Nothing else is new: whoever appends takes what it appends with it.
redis.call('XREADGROUP', 'GROUP', GROUP, ARGV[2], 'COUNT', '1', 'STREAMS', KEYS[1], '>')
redis.call('HSET', KEYS[2], ARGV[4], id)
redis.call('SET', KEYS[3], '', 'PX', ARGV[3])
return id
`,
)

/** KEYS: stream, newest, sign of life. ARGV: life of the sign in ms, ids. */
export const JOURNAL_DONE: Script = script(
  JOURNAL,
  `
redis.call('SET', KEYS[3], '', 'PX', ARGV[1])
for i = 2, #ARGV do
  local id = ARGV[i]
  local entry = redis.call('XRANGE', KEYS[1], id, id)[1]
  remove(KEYS[1], id)
  if entry then
    local key = parts(entry[2])
    local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
    -- An older one of the key, which a dead process has left, must still be known for outdated.
    if (not oldest or is_newer(oldest[1], id)) and redis.call('HGET', KEYS[2], key) == id then redis.call('HDEL', KEYS[2], key) end
  end
end
tidy(KEYS[1], KEYS[2])
return 1
`,
)

/**
 * What belongs to processes without a sign of life. KEYS: stream, newest, sign of life. ARGV: process, life of the sign in ms,
 * what names of signs begin with, the most entries. Returns ids and changes in turn.
 */
export const JOURNAL_ADOPT: Script = script(
  JOURNAL,
  `
redis.call('SET', KEYS[3], '', 'PX', ARGV[2])
local consumers = redis.pcall('XINFO', 'CONSUMERS', KEYS[1], GROUP)
if consumers.err then return {} end
local ids = {}
for _, consumer in ipairs(consumers) do
  local name, pending = consumer[2], consumer[4]
  if name ~= ARGV[1] and redis.call('EXISTS', ARGV[3] .. name) == 0 then
    if pending == 0 then
      redis.call('XGROUP', 'DELCONSUMER', KEYS[1], GROUP, name)
    else
      for _, entry in ipairs(redis.call('XPENDING', KEYS[1], GROUP, '-', '+', ARGV[4], name)) do ids[#ids + 1] = entry[1] end
    end
  end
end
table.sort(ids, function(a, b) return is_newer(b, a) end)
local adopted = {}
for _, id in ipairs(ids) do
  if #adopted >= 2 * tonumber(ARGV[4]) then break end
  local entry = redis.call('XCLAIM', KEYS[1], GROUP, ARGV[1], '0', id)[1]
  local key, change
  if entry then key, change = parts(entry[2]) end
  local newest = key and redis.call('HGET', KEYS[2], key)
  if not entry or (newest and is_newer(newest, id)) then
    remove(KEYS[1], id)
  else
    adopted[#adopted + 1] = id
    adopted[#adopted + 1] = change
  end
end
tidy(KEYS[1], KEYS[2])
return adopted
`,
)

/** What a process looks after. KEYS: stream. ARGV: process. */
export const JOURNAL_OWN: Script = script(
  JOURNAL,
  `
local ids = {}
local own = redis.pcall('XPENDING', KEYS[1], GROUP, '-', '+', 1000000, ARGV[1])
if own.err then return {} end
for _, entry in ipairs(own) do ids[#ids + 1] = entry[1] end
return ids
`,
)
