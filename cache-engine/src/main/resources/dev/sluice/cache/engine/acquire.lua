-- Takes a lock that nobody holds, after lock.lua: ARGV are the owner and the life in ms.
-- returns  {1 if it is the asker's, token of the holder, ms until it ends}
-- An owner who asks again, because an answer was lost, has the same token and a new life.
local mine = held and owner == ARGV[1]
if held and not mine then
  return {0, token, math.ceil((held_until - now) / 1000)}
end
local given = mine and token or math.max(token + 1, now)
keep(given, now + tonumber(ARGV[2]) * 1000, ARGV[1], tonumber(ARGV[2]))
return {1, given, tonumber(ARGV[2])}
