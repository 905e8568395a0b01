-- Takes out of a ledger what has ended, after ledger.lua.
-- KEYS[1]  the ledger
-- ARGV     what names of entries begin and end with
-- returns  {how many were looked at, 0, 0}
ledger, prefix, suffix = KEYS[1], ARGV[1], ARGV[2]
local time = redis.call('TIME')
return {settle(tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000), 256), 0, 0}
