-- Enters an entry that was found in Redis in the ledger of its tenant, after header.lua and ledger.lua. ARGV[1] is namespace:key.
-- returns  {1 if it was not in it, 0, 0}
if kind == 0 then
  return {0, 0, 0}
end
ledger = KEYS[2]
local member = string.format('%.0f', redis.call('STRLEN', KEYS[1])) .. ':' .. ARGV[1]
local rest = redis.call('PTTL', KEYS[1])
local added = redis.call('ZADD', ledger, math.floor(now / 1000) + (rest < 0 and 86400000 or math.max(rest, 1)), member)
if added == 1 then
  count(member, 1)
  book()
end
return {added, 0, 0}
