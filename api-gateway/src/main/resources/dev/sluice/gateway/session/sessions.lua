-- Holds the sessions of one user, all in one hash, so that each step is atomic and stays in one slot of a cluster.
--
-- A field is the id of a session, its value JSON: t tenant, u user, h hash of the secret, c when it was made, s when it was
-- last used, i how long it may rest, x when it is over at the latest, a attributes. Times are milliseconds since 1970,
-- written as strings: cjson would round numbers.
--
-- KEYS[1]     the user's sessions
-- ARGV[1..3]  what to do; the time, empty for Redis' own; the tenant that asks, empty for whichever it is. Then
-- create      id, user, hash, rest, life, attributes, most: the session, then the ids of those that ended for it
-- find        id: the session
-- use         id, hash, pause: the session if that is its hash; notes the use unless the last is more recent than the pause
--             or a tenth of the rest, whichever is shorter; no use at all when the pause is "never"
-- touch       id: the session, used just now
-- list        all sessions
-- revoke      id: the session that is no more
-- revoke-all  all sessions that are no more
-- A session is replied as its id and its JSON; nothing when there is none, or it is another tenant's.

local key, operation, tenant = KEYS[1], ARGV[1], ARGV[3]

local now = tonumber(ARGV[2])
if not now then
    local time = redis.call('TIME')
    now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local function text(number)
    return string.format('%.0f', number)
end

local function ends(session)
    return math.min(tonumber(session.s) + tonumber(session.i), tonumber(session.x))
end

local function isOpen(id, session)
    if ends(session) > now then
        return tenant == '' or session.t == tenant
    end
    redis.call('HDEL', key, id)
    return false
end

local function find(id)
    local found = redis.call('HGET', key, id)
    local session = found and cjson.decode(found)
    return session and isOpen(id, session) and session or nil
end

local function keep(id, session)
    redis.call('HSET', key, id, cjson.encode(session))
    local left = ends(session) - now
    if redis.call('PTTL', key) < left then
        redis.call('PEXPIRE', key, text(left))
    end
end

local function all()
    local fields = redis.call('HGETALL', key)
    local found = {}
    for i = 1, #fields, 2 do
        local session = cjson.decode(fields[i + 1])
        if isOpen(fields[i], session) then
            table.insert(found, {id = fields[i], session = session})
        end
    end
    return found
end

local function reply(id, session)
    return session and {id, cjson.encode(session)} or {}
end

if operation == 'create' then
    local id, user, hash, rest, life, attributes, most = unpack(ARGV, 4)
    local others = all()
    table.sort(others, function(a, b)
        if a.session.c == b.session.c then
            return a.id < b.id
        end
        return tonumber(a.session.c) < tonumber(b.session.c)
    end)
    local session = {
        t = tenant, u = user, h = hash, c = text(now), s = text(now), i = rest,
        x = text(now + tonumber(life)), a = attributes
    }
    local answer = reply(id, session)
    for i = 1, #others - tonumber(most) + 1 do
        redis.call('HDEL', key, others[i].id)
        table.insert(answer, others[i].id)
    end
    keep(id, session)
    return answer
end

if operation == 'list' or operation == 'revoke-all' then
    local answer = {}
    for _, found in ipairs(all()) do
        table.insert(answer, found.id)
        table.insert(answer, cjson.encode(found.session))
    end
    if operation == 'revoke-all' then
        redis.call('DEL', key)
    end
    return answer
end

local id = ARGV[4]
local session = find(id)
if not session then
    return {}
end
if operation == 'use' then
    if session.h ~= ARGV[5] then
        return {}
    end
    local pause = tonumber(ARGV[6])
    if pause and now - tonumber(session.s) >= math.min(pause, tonumber(session.i) / 10) then
        session.s = text(math.max(now, tonumber(session.s)))
        keep(id, session)
    end
elseif operation == 'touch' then
    session.s = text(math.max(now, tonumber(session.s)))
    keep(id, session)
elseif operation == 'revoke' then
    redis.call('HDEL', key, id)
end
return reply(id, session)
