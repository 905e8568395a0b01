-- Counts as a read of an entry that ends idle, after header.lua: ARGV[1] is its version.
-- returns  {1, ms until it ends if nobody reads it, its age in ms} or {0, 0, 0} when it is not there in that version
if kind == 0 or old ~= tonumber(ARGV[1]) then
  return {0, 0, 0}
end
local stored_at, ends_at = struct.unpack('>I8I8', header, 11)
local age = math.max(math.ceil((now - stored_at) / 1000), 0)
local rest = redis.call('PTTL', KEYS[1])
if not ends_idle then
  return {1, rest, age}
end
-- Kept for a quarter longer than it may be idle, so that this is written when half of the quarter is used up, and not at each read; never
-- beyond its end.
local idle = struct.unpack('>I8', redis.call('GETRANGE', KEYS[1], 82, 89))
local slack = math.max(math.floor(idle / 4), 1)
if rest < idle + math.ceil(slack / 2) then
  local until_then = math.min(now + (idle + slack) * 1000, ends_at)
  local longer = math.floor((until_then - now) / 1000)
  -- Shortly before its end there is nothing to win, and nothing is written.
  if longer > rest + 1 then
    rest = longer
    redis.call('PEXPIREAT', KEYS[1], math.floor(until_then / 1000))
  end
end
return {1, rest, age}
