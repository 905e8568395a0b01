-- Holds all limits of one tenant in one step: decides and charges a request, or grants and takes back leases.
--
-- The decision is that of LimitDecision, Gcra and CalendarWindow, the lease that of LeaseBook; see there for the
-- algorithms, their sources and why they hold. The script exists so that all gateways together admit no more than the
-- quota: Redis runs one script at a time, so nobody comes between the look and the charge, and Redis' own clock (TIME)
-- times them all, so that skewed gateways cannot disagree about the window. It returns what it found and when; the
-- gateway derives from that what to tell the caller.
--
-- Everything is a whole number below 2^53, exact in Lua's doubles: times in microseconds, levels in millionths of a cost
-- unit. One tenant is one hash, so one cluster slot. The field of a limit holds "amount since expiry"; of a window, the
-- amount includes what is held, and "amount since surplus expiry" says which part of it the log alone has told of. The
-- field ":<limit>" holds its leases, "holder:number:spent:held:since:expires" each, and the last expiry. The field
-- "^<limit>" holds "epoch heard since expiry": the most that any gateway says to have heard of the window before the counts
-- began the epoch. Fields that expired are cleared out when a new one comes to a full hash; the hash itself lives as long as
-- what it says matters.
--
-- KEYS[1]   the tenant's hash
-- ARGV[1]   decide or lease
-- ARGV[2]   the time in microseconds, for tests; empty for Redis' own
-- ARGV[3]   what the log has counted of limits that may have been lost, see LimitFloors: "place:amount:since" each
-- decide:
-- ARGV[4]   cost; 0 only looks and writes nothing
-- ARGV[5..] five for each limit: name, window, quota, burst, mode
-- Returns   time, then amount and since of each limit as found, before the charge, with what is held; then the surplus of
--           each, where any has one
-- lease, see LeaseCall and LeaseReply:
-- ARGV[4]   holder, number, born, life, then epoch and first of a recount
-- ARGV[10..] twelve for each limit: the five, then since, base, spent, held, need, want, heard
-- Returns   time, born, then granted, amount, since and held of each limit; then the surplus of each, where any has one

local UNIT = 1000000
local MINUTE = 60 * 1000000
local HOUR = 60 * MINUTE
local DAY = 24 * HOUR
local MOST_FIELDS = 32
local BORN = '=born'

local key = KEYS[1]
local isLease = ARGV[1] == 'lease'
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

function rate.inUse(limit)
    return limit.amount + limit.held * UNIT
end

function rate.admits(limit, cost)
    return rate.inUse(limit) + cost * UNIT <= limit.burst * UNIT
end

function rate.charge(limit, cost)
    return math.min(limit.amount + cost * UNIT, limit.burst * UNIT)
end

function rate.expiry(limit)
    return limit.since + math.ceil(limit.amount / limit.quota)
end

-- Whoever did not speak for the life of its lease has spent what it held.
function rate.settleLease(limit, lease)
    if lease.expires > now then
        return lease
    end
    limit.amount = rate.charge(limit, lease.held)
end

-- Counts what the holder spent since its last call.
function rate.report(limit, line, mine)
    local known = mine and mine.spent or line.base
    limit.amount = rate.charge(limit, math.max(0, line.spent - known))
    return line.spent, line.held
end

function rate.room(limit, held)
    return math.floor((limit.burst * UNIT - limit.amount) / UNIT) - held
end

function rate.grant()
end

function rate.seed(limit, heard)
    limit.amount = math.max(limit.amount, math.min(heard, limit.burst * UNIT))
end

local calendar = {}

-- Adds what the counts are told of late. As much of it as may be known from the log already counts once.
local function tell(limit, amount, onLog)
    local known = math.min(limit.surplus, amount, onLog)
    limit.surplus = limit.surplus - known
    limit.amount = limit.amount + amount - known
end

-- The log has counted more than is known here: it was lost, or is still to be told of.
local function raise(limit)
    local floor = limit.floor
    if not floor or limit.algorithm ~= calendar or floor.since ~= limit.since or floor.amount <= limit.amount then
        return false
    end
    limit.surplus = limit.surplus + floor.amount - limit.amount
    limit.amount = floor.amount
    return true
end

function calendar.settle(limit, amount, since)
    local start = startOf(limit.window, now)
    if since == start or since == endOf(limit.window, start) then
        return amount, since
    end
    return 0, start
end

function calendar.inUse(limit)
    return limit.amount
end

function calendar.admits(limit, cost)
    return limit.amount + cost <= limit.quota
end

function calendar.charge(limit, cost)
    return limit.amount + cost
end

function calendar.expiry(limit)
    return endOf(limit.window, limit.since)
end

function calendar.settleLease(limit, lease)
    if lease.expires > now and lease.since == limit.since then
        return lease
    end
end

function calendar.report(limit, line, mine, isSameBirth)
    if line.since ~= limit.since then
        -- A holder that knows no window never heard of its first grant.
        if mine and line.since == 0 then
            limit.amount = math.max(0, limit.amount - mine.held)
        end
        return 0, 0
    end
    local known = isSameBirth and line.base or 0
    if mine then
        known = mine.spent + mine.held
    end
    local change = line.spent + line.held - known
    if change > 0 then
        -- What is held was not spent yet, so the log does not know of it.
        tell(limit, change, math.max(0, line.spent - known))
    else
        limit.amount = math.max(0, limit.amount + change)
    end
    return line.spent, line.held
end

function calendar.room(limit)
    return limit.quota - limit.amount
end

function calendar.grant(limit, granted)
    limit.amount = limit.amount + granted
end

-- Brings back what was lost: the most that anyone heard, beside what is told as admitted since.
function calendar.seed(limit, heard, since, epoch)
    if since ~= limit.since then
        return
    end
    local field = '^' .. limit.name
    local told, most, window = string.match(redis.call('HGET', key, field) or '', '^(%d+) (%d+) (%d+)')
    local known = limit.amount - limit.surplus
    if tonumber(told) == epoch and tonumber(window) == since then
        known = tonumber(most)
    end
    local lost = math.max(0, heard - known)
    tell(limit, lost, lost)
    redis.call('HSET', key, field, string.format('%.0f %.0f %.0f %.0f', epoch, math.max(known, heard), since,
        calendar.expiry(limit)))
end

local limits = {}
local fields = {}
local size = isLease and 12 or 5
for i = isLease and 10 or 5, #ARGV, size do
    local limit = {
        name = ARGV[i],
        window = ARGV[i + 1],
        quota = tonumber(ARGV[i + 2]),
        burst = tonumber(ARGV[i + 3]),
        mode = ARGV[i + 4],
        algorithm = ARGV[i + 1] == 'SECOND' and rate or calendar
    }
    if isLease then
        limit.line = {
            since = tonumber(ARGV[i + 5]),
            base = tonumber(ARGV[i + 6]),
            spent = tonumber(ARGV[i + 7]),
            held = tonumber(ARGV[i + 8]),
            need = tonumber(ARGV[i + 9]),
            want = tonumber(ARGV[i + 10]),
            heard = tonumber(ARGV[i + 11])
        }
    end
    limits[#limits + 1] = limit
    fields[#fields + 1] = limit.name
    fields[#fields + 1] = ':' .. limit.name
end

for place, amount, since in string.gmatch(ARGV[3], '(%d+):(%d+):(%d+)') do
    limits[tonumber(place)].floor = { amount = tonumber(amount), since = tonumber(since) }
end

local isNew = false
local isChanged = false
local found = redis.call('HMGET', key, unpack(fields))
for i, limit in ipairs(limits) do
    local state, leases = found[2 * i - 1], found[2 * i]
    isNew = isNew or not state
    local amount, since, surplus = string.match(state or '0 0', '^(%d+) (%d+) ?(%d*) %d+$')
    if not amount then
        amount, since = string.match(state or '0 0', '^(%d+) (%d+)')
    end
    limit.foundAmount, limit.foundSince = tonumber(amount), tonumber(since)
    limit.amount, limit.since = limit.algorithm.settle(limit, limit.foundAmount, limit.foundSince)
    limit.surplus = limit.since == limit.foundSince and tonumber(surplus) or 0
    limit.leases = {}
    limit.held = 0
    for holder, number, spent, held, began, expires in
            string.gmatch(leases or '', '(%w+):(%d+):(%d+):(%d+):(%d+):(%d+)') do
        local lease = limit.algorithm.settleLease(limit, {
            holder = holder,
            number = tonumber(number),
            spent = tonumber(spent),
            held = tonumber(held),
            since = tonumber(began),
            expires = tonumber(expires)
        })
        if lease then
            limit.leases[#limit.leases + 1] = lease
            limit.held = limit.held + lease.held
        else
            isChanged = true
        end
    end
    limit.hasLeases = leases and true or false
end

local function save()
    local writes = {}
    local longest = now
    for _, limit in ipairs(limits) do
        if not limit.isUnwritten then
            local expiry = limit.algorithm.expiry(limit)
            writes[#writes + 1] = limit.name
            local surplus = limit.surplus > 0 and string.format(' %.0f', limit.surplus) or ''
            writes[#writes + 1] = string.format('%.0f %.0f%s %.0f', limit.amount, limit.since, surplus, expiry)
            longest = math.max(longest, expiry)
            if #limit.leases > 0 then
                local last = 0
                local texts = {}
                for _, lease in ipairs(limit.leases) do
                    texts[#texts + 1] = string.format('%s:%.0f:%.0f:%.0f:%.0f:%.0f', lease.holder, lease.number,
                        lease.spent, lease.held, lease.since, lease.expires)
                    last = math.max(last, lease.expires)
                end
                writes[#writes + 1] = ':' .. limit.name
                writes[#writes + 1] = table.concat(texts, ' ') .. string.format(' %.0f', last)
                longest = math.max(longest, last)
            elseif limit.hasLeases then
                redis.call('HDEL', key, ':' .. limit.name)
            end
        end
    end
    if #writes == 0 then
        return
    end
    if isNew and redis.call('HLEN', key) >= MOST_FIELDS then
        local all = redis.call('HGETALL', key)
        for i = 1, #all, 2 do
            if all[i] ~= BORN and tonumber(string.match(all[i + 1], '(%d+)$')) <= now then
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
end

local function tellSurpluses(reply)
    local any = false
    for _, limit in ipairs(limits) do
        any = any or limit.surplus > 0
    end
    for _, limit in ipairs(any and limits or {}) do
        reply[#reply + 1] = limit.surplus
    end
end

local function decide(cost)
    local reply = { now }
    local admitted = true
    for _, limit in ipairs(limits) do
        local amount, since = limit.foundAmount, limit.foundSince
        local isRaised = raise(limit)
        -- Also by a request that is refused for it.
        isChanged = isChanged or isRaised
        if limit.hasLeases or isRaised then
            amount, since = limit.algorithm.inUse(limit), limit.since
        end
        reply[#reply + 1] = amount
        reply[#reply + 1] = since
        limit.fits = limit.algorithm.admits(limit, cost)
        if limit.mode == 'ENFORCE' and not limit.fits then
            admitted = false
        end
    end
    tellSurpluses(reply)
    if cost == 0 then
        return reply
    end
    for _, limit in ipairs(limits) do
        if admitted and (limit.fits or limit.mode ~= 'SHADOW') then
            limit.amount = limit.algorithm.charge(limit, cost)
        else
            -- What was only settled is written when leases ended with it, so that they end once.
            limit.isUnwritten = not isChanged
        end
    end
    save()
    return reply
end

local function lease(holder, number, bornThere, life, epoch, first)
    local born = tonumber(redis.call('HGET', key, BORN) or nil)
    if not born then
        born = now
        redis.call('HSET', key, BORN, string.format('%.0f', born))
    end
    local isSameBirth = bornThere == 0 or bornThere == born
    local reply = { now, born }
    for _, limit in ipairs(limits) do
        local line = limit.line
        local mine
        local others = {}
        for _, one in ipairs(limit.leases) do
            if one.holder == holder then
                mine = one
            else
                others[#others + 1] = one
            end
        end
        local granted = 0
        if not mine or number > mine.number then
            local heldByOthers = limit.held - (mine and mine.held or 0)
            local known = mine
            if epoch > 0 then
                limit.algorithm.seed(limit, line.heard, line.since, epoch)
                -- What is remembered of the holder may be older than what it heard.
                known = mine and mine.number >= first and mine or nil
            end
            local spent, held = limit.algorithm.report(limit, line, known, isSameBirth or epoch > 0)
            raise(limit)
            local room = math.max(0, limit.algorithm.room(limit, heldByOthers + held))
            if line.want > 0 then
                local part = math.floor(room / (4 * (#others + 1)))
                granted = math.min(room, math.max(1, line.need, math.min(line.want, part)))
            end
            limit.algorithm.grant(limit, granted)
            others[#others + 1] = {
                holder = holder,
                number = number,
                spent = spent,
                held = held + granted,
                since = limit.algorithm == rate and 0 or limit.since,
                expires = now + life
            }
            limit.leases = others
            limit.held = heldByOthers + held + granted
        end
        reply[#reply + 1] = granted
        reply[#reply + 1] = limit.amount
        reply[#reply + 1] = limit.since
        reply[#reply + 1] = limit.held
    end
    tellSurpluses(reply)
    save()
    return reply
end

if isLease then
    return lease(ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]),
        tonumber(ARGV[9]))
end
return decide(tonumber(ARGV[4]))
