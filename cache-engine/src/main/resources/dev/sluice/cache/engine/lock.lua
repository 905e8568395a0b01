-- What every script of a lock begins with: who has it, with which token, until when.
-- KEYS[1]  the lock: token, 8 | held until, µs, 8 | owner | 0, 1 | for how long it was given, ms, 8
local record = redis.call('GET', KEYS[1])
local token, held_until, owner, given_for = 0, 0, '', 0
if record and #record >= 16 then
  token, held_until = struct.unpack('>I8I8', record)
  owner = string.sub(record, 17)
  if #owner >= 9 and string.byte(owner, -9) == 0 then
    given_for = struct.unpack('>I8', owner, #owner - 7)
    owner = string.sub(owner, 1, -10)
  end
end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])

-- A lock that is free keeps its last token for a while, so that tokens grow even when the clock goes back.
local function keep(new_token, new_until, new_owner, new_life)
  local life = math.max(math.ceil((new_until - now) / 1000), 0) + 3600000
  local head = struct.pack('>I8I8', new_token, new_until)
  redis.call('SET', KEYS[1], head .. new_owner .. struct.pack('>BI8', 0, new_life), 'PX', life)
end

-- What is held for longer than it was given is from before the clock went back, and would be held until it has caught up. Whoever
-- has it counts by a clock of its own, and is not yet at the end of this.
if given_for > 0 and held_until - now > given_for * 1000 then
  held_until = now + given_for * 1000
  keep(token, held_until, owner, given_for)
end
local held = held_until > now
