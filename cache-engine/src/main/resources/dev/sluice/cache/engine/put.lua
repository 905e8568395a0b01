-- Stores a value, after change.lua: ARGV[4] is everything after the header.
local head = struct.pack('>BBI8I8I8', 0xC1, 1, version, now, now + ttl * 1000)
redis.call('SET', KEYS[1], head .. ARGV[4], 'PX', ttl)
return {1, version, live and 1 or 0}
