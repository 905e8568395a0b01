-- Drops an epoch that has done its work, unless the scope was purged again.
-- KEYS[1]  the epochs of a tenant
-- ARGV     scope, number
-- returns  {1 if it is not there any more, 0, 0}
local kept = redis.call('HGET', KEYS[1], ARGV[1])
if kept and tonumber(kept) > tonumber(ARGV[2]) then
  return {0, 0, 0}
end
redis.call('HDEL', KEYS[1], ARGV[1])
return {1, 0, 0}
