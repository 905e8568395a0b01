-- Issues an epoch: all that was begun before it, and is under one of the scopes, is purged.
-- KEYS[1]  the epochs of a tenant, whose name ends with the tenant in braces: scope to number, and the last number under 'last'
-- KEYS[2]  the tenants that have any, where they are in reach
-- ARGV     most epochs that a tenant may have, least number of the epoch, then the scopes
-- returns  {1, number, how many there are} or {0, 0, how many there are} when they would be too many
local there = math.max(redis.call('HLEN', KEYS[1]) - 1, 0)
for i = 3, #ARGV do
  if redis.call('HEXISTS', KEYS[1], ARGV[i]) == 0 then
    there = there + 1
  end
end
if there > tonumber(ARGV[1]) then
  return {0, 0, there}
end
if KEYS[2] then
  redis.call('SADD', KEYS[2], string.sub(KEYS[1], 4, -2))
end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local number = math.max(tonumber(redis.call('HGET', KEYS[1], 'last') or '0') + 1, now, tonumber(ARGV[2]))
local text = string.format('%.0f', number)
redis.call('HSET', KEYS[1], 'last', text)
for i = 3, #ARGV do
  redis.call('HSET', KEYS[1], ARGV[i], text)
end
-- It has no end of its own: what has one may be evicted.
-- Counts what is swept; its slot is that of the hash, whose name ends with the tenant in braces.
redis.call('SET', 'p:' .. string.sub(KEYS[1], 3) .. ':' .. text, '0', 'PX', 86400000)
return {1, number, there}
