-- Says which life of the counts this is, see LeaseEpoch, and who has told it all since it began; see ReturnWatch.
--
-- A life ends when this hash is gone, for then the counts are gone too, and when another process answers: a Redis that was
-- started again or took over from another may lack the last of what was written.
--
-- KEYS[1]   the hash
-- ARGV[1]   the gateway that greets
-- ARGV[2]   the birth of the life that it has told all it knows; 0 for none
-- Returns   time, birth, number of gateways that have told

-- Who comes later than any grace is of no interest, and would make the hash grow with each start of a gateway.
local LONGEST_GRACE = 60 * 1000000

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])

-- Where INFO is forbidden, only the loss of the hash is noticed.
local info = redis.pcall('INFO', 'server')
local run = type(info) == 'string' and string.match(info, 'run_id:(%w+)') or 'unknown'

local key = KEYS[1]
local found = redis.call('HMGET', key, 'born', 'run')
local born = tonumber(found[1] or nil)
if not born or found[2] ~= run then
    -- Later than any before, though the clock was set back.
    born = math.max(now, (born or 0) + 1)
    redis.call('DEL', key)
    redis.call('HSET', key, 'born', string.format('%.0f', born), 'run', run)
end
if tonumber(ARGV[2]) == born and now - born < LONGEST_GRACE then
    redis.call('HSET', key, 'gateway:' .. ARGV[1], string.format('%.0f', now))
end
return { now, born, redis.call('HLEN', key) - 2 }
