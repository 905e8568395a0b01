-- What a ledger says, after it was settled as far as is cheap, after ledger.lua.
-- KEYS[1]  the ledger
-- ARGV     what names of entries begin and end with, '' for the tenant or ':' and a namespace
-- returns  {entries, bytes, ms since when all entries are in it or 0}
ledger, prefix, suffix = KEYS[1], ARGV[1], ARGV[2]
local time = redis.call('TIME')
settle(tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000), 256)
return {sum_of('#e' .. ARGV[3]), sum_of('#b' .. ARGV[3]), sum_of('!' .. ARGV[3])}
