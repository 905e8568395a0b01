-- Holds who may write an event, and where it stands once it is written; of several events in one call. See Claims for why.
--
-- A claim is a hash: f fingerprint, i id of the event; while it is pending o owner, t since when (milliseconds by the
-- owner's clock), u until when nobody else may write (by Redis' clock); once it is complete p partition, n offset.
--
-- KEYS     the claims, one after the other
-- ARGV     for each of them: how many arguments follow, what to do, then
-- claim    fingerprint, owner, since, id, lease, window: granted; mismatch; complete, id, partition, offset; in-flight;
--          or taken-over, id, since, when the lease of the former owner is over
-- renew    owner, since, lease, window: renewed, or lost when it is another's by now
-- complete fingerprint, id, partition, offset, window: done; also for who lost the claim, since the event is written
-- release  owner: done; nothing was written
-- give-up  owner: done; another may take over at once
--
-- Answers one list for each claim, in their order.

-- Asked once: for Redis, a script takes no time.
local now

local function after(lease)
    if not now then
        local time = redis.call('TIME')
        now = time[1] * 1000 + math.floor(time[2] / 1000)
    end
    return string.format('%.0f', now + lease)
end

local function isOwnedBy(claim, owner)
    return redis.call('HGET', claim, 'o') == owner
end

local function answer(claim, arguments)
    local operation = arguments[1]

    if operation == 'claim' then
        local fingerprint, owner, since, id, lease, window = unpack(arguments, 2)
        local found = redis.call('HMGET', claim, 'f', 'i', 'p', 'n', 't', 'u', 'o')
        if not found[1] then
            redis.call('HSET', claim, 'f', fingerprint, 'o', owner, 't', since, 'i', id, 'u', after(lease))
            redis.call('PEXPIRE', claim, window)
            return {'granted'}
        end
        if found[1] ~= fingerprint then
            return {'mismatch'}
        end
        if found[3] then
            return {'complete', found[2], found[3], found[4]}
        end
        if found[7] == owner and found[5] == since then
            return {'granted'}
        end
        if tonumber(found[6]) > tonumber(after(0)) then
            return {'in-flight'}
        end
        -- The time stays that of the former owner: it tells where on the log to look for what it wrote.
        redis.call('HSET', claim, 'o', owner, 'u', after(lease))
        return {'taken-over', found[2], found[5]}
    end

    if operation == 'renew' then
        local owner, since, lease, window = unpack(arguments, 2)
        if not isOwnedBy(claim, owner) then
            return {'lost'}
        end
        redis.call('HSET', claim, 't', since, 'u', after(lease))
        redis.call('PEXPIRE', claim, window)
        return {'renewed'}
    end

    if operation == 'complete' then
        local fingerprint, id, partition, offset, window = unpack(arguments, 2)
        local found = redis.call('HMGET', claim, 'f', 'p')
        if (not found[1] or found[1] == fingerprint) and not found[2] then
            redis.call('HSET', claim, 'f', fingerprint, 'i', id, 'p', partition, 'n', offset)
            redis.call('HDEL', claim, 'o', 't', 'u')
            redis.call('PEXPIRE', claim, window)
        end
        return {'done'}
    end

    if isOwnedBy(claim, arguments[2]) then
        if operation == 'release' then
            redis.call('DEL', claim)
        else
            redis.call('HSET', claim, 'u', '0')
        end
    end
    return {'done'}
end

local answers = {}
local at = 1
for i, claim in ipairs(KEYS) do
    local last = at + tonumber(ARGV[at])
    answers[i] = answer(claim, {unpack(ARGV, at + 1, last)})
    at = last + 1
end
return answers
