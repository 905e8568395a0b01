
-- Whether a put comes in time, after header.lua: ARGV[7] is the last microsecond of this clock in which it may be made, 0 for any. Whoever
-- wanted it has given up since, and may have put something else elsewhere.
-- returns  {3, 0, 0, the time} if it is too late
local latest = tonumber(ARGV[7])
if latest ~= 0 and now > latest then
  return {3, 0, 0, now}
end
