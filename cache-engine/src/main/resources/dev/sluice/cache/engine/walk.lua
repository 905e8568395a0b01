-- Takes out of a ledger what is not in Redis any more, a page at a time, after ledger.lua.
-- KEYS[1]  the ledger
-- ARGV     what names of entries begin and end with, cursor of ZSCAN
-- returns  {next cursor, how many were taken out, how many were looked at}
ledger, prefix, suffix = KEYS[1], ARGV[1], ARGV[2]
local page = redis.call('ZSCAN', ledger, ARGV[3], 'COUNT', 64)
local gone, seen = 0, 0
for i = 1, #page[2], 2 do
  local member = page[2][i]
  local first = string.byte(member, 1)
  if first >= 48 and first <= 57 then
    seen = seen + 1
    if not lies(member) and redis.call('ZREM', ledger, member) == 1 then
      count(member, -1)
      gone = gone + 1
    end
  end
end
book()
return {tonumber(page[1]), gone, seen}
