-- Lets one asker at a time make a new value, after header.lua.
-- ARGV     life of the lease in ms, version that the asker has seen or 0, life of a tombstone in ms
-- returns  {0, token, 0} when given, {1, ms until it ends, 0} when another has it, {2, version, 0} when there is something newer
if kind ~= 0 and old ~= tonumber(ARGV[2]) then
  return {2, old, 0}
end
if leased then
  return {1, math.ceil((leased_until - now) / 1000), 0}
end
local until_then = now + tonumber(ARGV[1]) * 1000
if kind ~= 0 then
  redis.call('SETRANGE', KEYS[1], 34, struct.pack('>I8I8', version, until_then))
else
  local ttl = tonumber(ARGV[3])
  local head = struct.pack('>BBI8I8I8I8I8I8I8', 0xC3, 0, version, now, now + ttl * 1000, 0, version, until_then, version)
  redis.call('SET', KEYS[1], head, 'PX', ttl)
end
return {0, version, 0}
