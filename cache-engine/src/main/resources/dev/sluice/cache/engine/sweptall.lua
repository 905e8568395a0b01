end
-- Removes several entries that purges cover.
-- KEYS     of each the entry and the ledger of its tenant
-- ARGV     the life of a tombstone in ms, then of each the epoch and namespace:key
-- returns  of each 1 if it was there
local swept = {}
for i = 1, #KEYS, 2 do
  swept[#swept + 1] = sweep({KEYS[i], KEYS[i + 1]}, {'0', ARGV[i + 1], ARGV[1], ARGV[i + 2]})[1]
end
return swept
