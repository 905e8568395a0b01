-- Gives an entry from before the clock went back its life anew, after header.lua: it would be kept until the clock has caught up. ARGV are its
-- version and how long it may be kept at most, in ms.
-- returns  {1 if it was such an entry, 0, 0}
local most = tonumber(ARGV[2])
if kind == 0 or old ~= tonumber(ARGV[1]) or redis.call('PTTL', KEYS[1]) <= most then
  return {0, 0, 0}
end
local stored_at, ends_at = struct.unpack('>I8I8', header, 11)
redis.call('SETRANGE', KEYS[1], 10, struct.pack('>I8I8', now, now + ends_at - stored_at))
redis.call('PEXPIRE', KEYS[1], most)
return {1, 0, 0}
