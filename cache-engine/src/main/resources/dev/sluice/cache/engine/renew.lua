-- Prolongs a lock that is still held with the token, after lock.lua: ARGV are the token and the life in ms, 0 to end it.
-- returns  {1 if it was, token of the holder or 0, ms until it ends}
local mine = held and token == tonumber(ARGV[1])
if mine then
  keep(token, now + tonumber(ARGV[2]) * 1000, owner, tonumber(ARGV[2]))
  return {1, token, tonumber(ARGV[2])}
end
return {0, held and token or 0, held and math.ceil((held_until - now) / 1000) or 0}
