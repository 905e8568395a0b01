-- Adds to a number within bounds.
-- KEYS[1]  the counter
-- ARGV     what to add, least and greatest value, life in ms from the first add
-- returns  {1 if added, value, ms left}; numbers stay within 53 bits, which Lua holds exactly
local kept = redis.call('GET', KEYS[1])
local value = tonumber(kept or '0')
local sum = value + tonumber(ARGV[1])
if sum < tonumber(ARGV[2]) or sum > tonumber(ARGV[3]) then
  return {0, value, kept and math.max(redis.call('PTTL', KEYS[1]), 0) or 0}
end
local text = string.format('%.0f', sum)
if kept then
  redis.call('SET', KEYS[1], text, 'KEEPTTL')
else
  redis.call('SET', KEYS[1], text, 'PX', ARGV[4])
end
return {1, sum, math.max(redis.call('PTTL', KEYS[1]), 0)}
