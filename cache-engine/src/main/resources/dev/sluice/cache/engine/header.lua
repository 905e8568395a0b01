-- What every script of an entry begins with, after time.lua: reads the header, which EntryCodec documents, never the value.
-- KEYS[1]  the entry
local header = redis.call('GETRANGE', KEYS[1], 0, 57)
local kind, old, lease, leased_until = 0, 0, 0, 0
local ends_idle = false
if #header == 58 and string.byte(header, 1) == 0xC3 then
  kind = string.byte(header, 2)
  ends_idle = kind >= 16
  kind = ends_idle and kind - 16 or kind
  old = struct.unpack('>I8', header, 3)
  lease, leased_until = struct.unpack('>I8I8', header, 35)
end
local live = kind == 1

local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
-- Higher than any before, whichever way the clock went.
local version = math.max(old + 1, lease + 1, now)
-- No lease is given for longer than 60 s: one that says so is from before the clock went back, and would hold off all others until then.
local leased = lease ~= 0 and leased_until > now and leased_until - now <= 60000000
