-- Replaces an entry by a tombstone and voids its lease, after condition.lua and note.lua.
local head = struct.pack('>BBI8I8I8I8I8I8I8', 0xC3, 0, version, now, now + ttl * 1000, 0, 0, 0, version)
redis.call('SET', KEYS[1], head, 'PX', ttl)
return {1, version, live and 1 or 0}
