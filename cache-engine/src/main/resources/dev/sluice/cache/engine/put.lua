-- Stores a value and voids the lease, after intime.lua, condition.lua and note.lua: ARGV[4] is the kind, ARGV[5] everything after the header, ARGV[6] how long
-- it is kept in ms without a read, 0 for all its life; ARGV[7] is that of intime.lua.
-- returns  as condition.lua says, and the time
-- A token is about the time at which its lease was given, so what it took to make the value is known.
local cost = condition == 'lease' and math.min(math.max(now - lease, 0), 60000000) or 0
-- A purge between the lease and the put covers it: what was made before the purge is not served after it.
local start = condition == 'lease' and lease or version
local head = struct.pack('>BBI8I8I8I8I8I8I8', 0xC3, tonumber(ARGV[4]), version, now, now + ttl * 1000, cost, 0, 0, start)
local idle = tonumber(ARGV[6])
redis.call('SET', KEYS[1], head .. ARGV[5], 'PX', idle > 0 and math.min(idle, ttl) or ttl)
return {1, version, live and 1 or 0, now}
