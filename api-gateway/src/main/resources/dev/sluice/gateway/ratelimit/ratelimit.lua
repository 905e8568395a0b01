-- Decides and charges all limits of one request of one tenant in one step.
--
-- The decision is that of LimitDecision, Gcra and CalendarWindow; see there for the algorithms and their sources. The
-- script exists so that all gateways together admit no more than the quota: Redis runs one script at a time, so nobody
-- comes between the look and the charge, and Redis' own clock (TIME) times them all, so that skewed gateways cannot
-- disagree about the window. It returns what it found and when; the gateway derives from that what to tell the caller.
--
-- Everything is a whole number below 2^53, exact in Lua's doubles: times in microseconds, levels in millionths of a cost
-- unit. One tenant is one hash, so one cluster slot. A field holds "amount since expiry". Those that expired are cleared
-- out when a new one comes to a full hash; the hash itself lives as long as what it says matters.
--
-- KEYS[1]   the tenant's hash
-- ARGV[1]   cost; 0 only looks and writes nothing
-- ARGV[2]   the time in microseconds, for tests; empty for Redis' own
-- ARGV[3..] five for each limit: name, window, quota, burst, mode
-- Returns   time, then amount and since of each limit as found, before the charge

local UNIT = 1000000
local MINUTE = 60 * 1000000
local HOUR = 60 * MINUTE
local DAY = 24 * HOUR
local MOST_FIELDS = 32
local ARGUMENTS = 5

local key = KEYS[1]
local cost = tonumber(ARGV[1])
local now = tonumber(ARGV[2])
if not now then
    local time = redis.call('TIME')
    now = tonumber(time[1]) * 1000000 + tonumber(time[2])
end

-- First day of the month that a day lies in, both counted from 1970-01-01.
-- Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
local function firstOfMonth(day)
    local shifted = day + 719468
    local dayOfEra = shifted % 146097
    local yearOfEra = math.floor((dayOfEra - math.floor(dayOfEra / 1460) + math.floor(dayOfEra / 36524)
        - math.floor(dayOfEra / 146096)) / 365)
    local dayOfYear = dayOfEra - (365 * yearOfEra + math.floor(yearOfEra / 4) - math.floor(yearOfEra / 100))
    local month = math.floor((5 * dayOfYear + 2) / 153)
    return day - (dayOfYear - math.floor((153 * month + 2) / 5))
end

local LENGTHS = { MINUTE = MINUTE, HOUR = HOUR, DAY = DAY }

local function startOf(period, time)
    local length = LENGTHS[period]
    if length then
        return time - time % length
    end
    return firstOfMonth(math.floor(time / DAY)) * DAY
end

local function endOf(period, start)
    local length = LENGTHS[period]
    if length then
        return start + length
    end
    -- 31 days after a first is always in the next month.
    return firstOfMonth(math.floor(start / DAY) + 31) * DAY
end

local rate = {}

function rate.settle(limit, amount, since)
    local level = math.min(amount, limit.burst * UNIT)
    local elapsed = math.max(0, now - since)
    if elapsed > math.floor(level / limit.quota) then
        return 0, now
    end
    return level - elapsed * limit.quota, now
end

function rate.admits(limit, amount)
    return amount + cost * UNIT <= limit.burst * UNIT
end

function rate.charge(limit, amount)
    return math.min(amount + cost * UNIT, limit.burst * UNIT)
end

function rate.expiry(limit, amount, since)
    return since + math.ceil(amount / limit.quota)
end

local calendar = {}

function calendar.settle(limit, amount, since)
    local start = startOf(limit.window, now)
    if since == start or since == endOf(limit.window, start) then
        return amount, since
    end
    return 0, start
end

function calendar.admits(limit, amount)
    return amount + cost <= limit.quota
end

function calendar.charge(limit, amount)
    return amount + cost
end

function calendar.expiry(limit, amount, since)
    return endOf(limit.window, since)
end

local limits = {}
local names = {}
for i = 3, #ARGV, ARGUMENTS do
    limits[#limits + 1] = {
        window = ARGV[i + 1],
        quota = tonumber(ARGV[i + 2]),
        burst = tonumber(ARGV[i + 3]),
        mode = ARGV[i + 4],
        algorithm = ARGV[i + 1] == 'SECOND' and rate or calendar
    }
    names[#names + 1] = ARGV[i]
end

local found = redis.call('HMGET', key, unpack(names))
local reply = { now }
local admitted = true
for i, limit in ipairs(limits) do
    local amount, since = string.match(found[i] or '0 0', '^(%d+) (%d+)')
    amount, since = tonumber(amount), tonumber(since)
    reply[#reply + 1] = amount
    reply[#reply + 1] = since
    limit.amount, limit.since = limit.algorithm.settle(limit, amount, since)
    limit.fits = limit.algorithm.admits(limit, limit.amount)
    if limit.mode == 'ENFORCE' and not limit.fits then
        admitted = false
    end
end
if cost == 0 or not admitted then
    return reply
end

local writes = {}
local isNew = false
local longest = now
for i, limit in ipairs(limits) do
    if limit.fits or limit.mode ~= 'SHADOW' then
        local amount = limit.algorithm.charge(limit, limit.amount)
        local expiry = limit.algorithm.expiry(limit, amount, limit.since)
        writes[#writes + 1] = names[i]
        writes[#writes + 1] = string.format('%.0f %.0f %.0f', amount, limit.since, expiry)
        isNew = isNew or not found[i]
        longest = math.max(longest, expiry)
    end
end
if #writes == 0 then
    return reply
end
if isNew and redis.call('HLEN', key) >= MOST_FIELDS then
    local all = redis.call('HGETALL', key)
    for i = 1, #all, 2 do
        if tonumber(string.match(all[i + 1], '(%d+)$')) <= now then
            redis.call('HDEL', key, all[i])
        end
    end
end
redis.call('HSET', key, unpack(writes))
-- Other limits of the tenant may need it for longer than these.
local ttl = math.ceil((longest - now) / 1000) + 1000
if redis.call('PTTL', key) < ttl then
    redis.call('PEXPIRE', key, string.format('%.0f', ttl))
end
return reply
