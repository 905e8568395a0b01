-- What every script of a lock begins with: who has it, with which token, until when.
-- KEYS[1]  the lock: token, 8 | held until, µs, 8 | owner
local record = redis.call('GET', KEYS[1])
local token, held_until, owner = 0, 0, ''
if record and #record >= 16 then
  token, held_until = struct.unpack('>I8I8', record)
  owner = string.sub(record, 17)
end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local held = held_until > now

-- A lock that is free keeps its last token for a while, so that tokens grow even when the clock goes back.
local function keep(new_token, new_until, new_owner)
  local life = math.max(math.ceil((new_until - now) / 1000), 0) + 3600000
  redis.call('SET', KEYS[1], struct.pack('>I8I8', new_token, new_until) .. new_owner, 'PX', life)
end
