-- Lets an entry be stale from now on, after header.lua: ARGV are its version, the new fresh and whole life in ms.
-- returns  {1 if it was there in that version, 0, 0}
if kind == 0 or old ~= tonumber(ARGV[1]) then
  return {0, 0, 0}
end
local stored_at = struct.unpack('>I8', header, 11)
local ends_at = stored_at + tonumber(ARGV[3]) * 1000
if ends_at <= now then
  redis.call('UNLINK', KEYS[1])
else
  redis.call('SETRANGE', KEYS[1], 18, struct.pack('>I8', ends_at))
  redis.call('SETRANGE', KEYS[1], 58, struct.pack('>I8', tonumber(ARGV[2])))
  -- What ends idle may end before that.
  local idle_end = math.floor(now / 1000) + math.max(redis.call('PTTL', KEYS[1]), 0)
  local end_then = math.floor(ends_at / 1000)
  redis.call('PEXPIREAT', KEYS[1], ends_idle and math.min(idle_end, end_then) or end_then)
end
return {1, 0, 0}
