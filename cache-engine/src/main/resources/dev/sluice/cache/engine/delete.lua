-- Replaces an entry by a tombstone, after change.lua.
local head = struct.pack('>BBI8I8I8', 0xC1, 0, version, now, now + ttl * 1000)
redis.call('SET', KEYS[1], head, 'PX', ttl)
return {1, version, live and 1 or 0}
