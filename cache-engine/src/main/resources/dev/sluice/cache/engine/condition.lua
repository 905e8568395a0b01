-- What every change of an entry goes on with, after header.lua.
-- ARGV     time to live in ms, condition, version or token of the condition, what the change itself wants
-- returns  {1, version, 1 if there was an entry} or {0, current version or 0, 0} if the condition does not hold
-- No lease is given for longer than 60 s: one that is older need not be held against the purges since.
local condition = ARGV[2]
local holds = condition == 'any'
    or (condition == 'absent' and not live)
    or (condition == 'present' and live)
    or (condition == 'version' and live and old == tonumber(ARGV[3]))
    or (condition == 'lease' and lease ~= 0 and lease == tonumber(ARGV[3]) and now - lease <= 60000000)
if not holds then
  return {0, live and old or 0, 0}
end
local ttl = tonumber(ARGV[1])
local notes = KEYS[2]
