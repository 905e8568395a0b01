-- What every script of a ledger begins with: the entries of a tenant that count, in one sorted set.
--   member "bytes of the entry:namespace:key", score: when it ends in ms, since 1970
--   member "#e" and "#b", of the tenant, "#e:namespace" and "#b:namespace": score is minus the entries and minus the bytes
--   member "!" and "!:namespace": score is minus the time in ms since when all entries are in it
-- An entry weighs what Redis holds for it and what its namespace and key are long. One set and no more, so that it is lost whole or not at all.
local ledger, prefix, suffix
local sums = {}

local function add(sum, number)
  sums[sum] = (sums[sum] or 0) + number
end

local function parse(member)
  local colon = string.find(member, ':', 1, true)
  return tonumber(string.sub(member, 1, colon - 1)), string.sub(member, colon + 1)
end

local function count(member, sign)
  local size, rest = parse(member)
  local space = ':' .. string.sub(rest, 1, string.find(rest, ':', 1, true) - 1)
  local bytes = size + #rest
  add('#e', sign)
  add('#b', sign * bytes)
  add('#e' .. space, sign)
  add('#b' .. space, sign * bytes)
end

local function book()
  for sum, number in pairs(sums) do
    if number ~= 0 then
      redis.call('ZINCRBY', ledger, -number, sum)
    end
  end
  sums = {}
end

local function sum_of(sum)
  return -tonumber(redis.call('ZSCORE', ledger, sum) or '0')
end

-- Takes out an entry that is removed or replaced, if it counts.
local function discount(size, rest)
  local member = string.format('%.0f', size) .. ':' .. rest
  if redis.call('ZREM', ledger, member) == 1 then
    count(member, -1)
  end
end

-- Whether the entry of a member is there; what was replaced unseen has another size, or counts as it is.
local function lies(member)
  local size, rest = parse(member)
  local name = prefix .. rest .. suffix
  return redis.call('STRLEN', name) == size, name
end

-- Takes out what has ended, the oldest first; reads may have put an end off. Returns how many were looked at.
local function settle(at, most)
  local due = redis.call('ZRANGEBYSCORE', ledger, 1, at, 'LIMIT', 0, most)
  for _, member in ipairs(due) do
    local there, name = lies(member)
    if there then
      local rest = redis.call('PTTL', name)
      redis.call('ZADD', ledger, at + (rest < 0 and 86400000 or math.max(rest, 1)), member)
    else
      redis.call('ZREM', ledger, member)
      count(member, -1)
    end
  end
  book()
  return #due
end
