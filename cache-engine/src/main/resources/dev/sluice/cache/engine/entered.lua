-- Enters a put in the ledger of its tenant, after condition.lua and ledger.lua. The ledger is the second key, and the third is where
-- changes are noted.
-- ARGV     from the 8th: namespace:key, what names of entries begin and end with, most entries and bytes of the namespace, then of the tenant, in
--          this ledger; -1 for no bound
-- returns  {2, 1 to 4 for the bound in that order, what is used} if it would go beyond one
ledger, notes = KEYS[2], KEYS[3]
prefix, suffix = ARGV[9], ARGV[10]
local at = math.floor(now / 1000)
local rest = ARGV[8]
local there = kind ~= 0
local before = there and redis.call('STRLEN', KEYS[1]) or 0
local size = 58 + #ARGV[5]
local space = ':' .. string.sub(rest, 1, string.find(rest, ':', 1, true) - 1)
local bounds = {'#e' .. space, '#b' .. space, '#e', '#b'}
local growth = {there and 0 or 1, size - before + (there and 0 or #rest)}
growth[3], growth[4] = growth[1], growth[2]

local function beyond()
  for i = 1, 4 do
    local bound = tonumber(ARGV[10 + i])
    if bound >= 0 and growth[i] > 0 then
      local used = sum_of(bounds[i])
      if used + growth[i] > bound then
        return i, used
      end
    end
  end
  return 0, 0
end

settle(at, 16)
local which, used = beyond()
if which ~= 0 and settle(at, 256) > 0 then
  which, used = beyond()
end
if which ~= 0 then
  return {2, which, used}
end
if there and before ~= size then
  discount(before, rest)
end
local entered = string.format('%.0f', size) .. ':' .. rest
local kept = tonumber(ARGV[6])
if redis.call('ZADD', ledger, at + (kept > 0 and math.min(kept, ttl) or ttl), entered) == 1 then
  count(entered, 1)
end
book()
