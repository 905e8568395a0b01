-- What every change of an entry begins with: put.lua and delete.lua are sent with this before them.
-- KEYS[1]  the entry
-- ARGV     time to live in ms, condition, version of the condition, what the change itself wants
-- returns  {1, version, 1 if there was an entry} or {0, current version or 0, 0} if the condition does not hold
-- The version is higher than any before. The header is documented in EntryCodec; only its bytes are read, never the value.
local header = redis.call('GETRANGE', KEYS[1], 0, 9)
local old, live = 0, false
if #header == 10 and string.byte(header, 1) == 0xC1 then
  old = struct.unpack('>I8', header, 3)
  live = string.byte(header, 2) == 1
end

local condition = ARGV[2]
local holds = condition == 'any'
    or (condition == 'absent' and not live)
    or (condition == 'present' and live)
    or (condition == 'version' and live and old == tonumber(ARGV[3]))
if not holds then
  return {0, live and old or 0, 0}
end

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local version = math.max(old + 1, now)
local ttl = tonumber(ARGV[1])
