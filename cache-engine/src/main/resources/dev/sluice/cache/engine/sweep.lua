-- Removes an entry that a purge covers, after header.lua and ledger.lua: ARGV are its version, the epoch, the life of a tombstone in ms and
-- namespace:key. The second key is the ledger of its tenant, which may not be there.
-- Version 0 stands for any that was begun before the epoch: its name alone says that the purge covers it.
-- returns  {1 if it was there in that version, 0, 0}
if kind == 0 then
  return {0, 0, 0}
end
local wanted = tonumber(ARGV[1])
if wanted == 0 then
  if struct.unpack('>I8', header, 51) >= tonumber(ARGV[2]) then
    return {0, 0, 0}
  end
elseif old ~= wanted then
  return {0, 0, 0}
end
ledger = KEYS[2]
discount(redis.call('STRLEN', KEYS[1]), ARGV[4])
book()
-- Who was given a lease after the purge makes the value anew and keeps the lease.
if leased and lease >= tonumber(ARGV[2]) then
  local ttl = tonumber(ARGV[3])
  local head = struct.pack('>BBI8I8I8I8I8I8I8', 0xC3, 0, old, now, now + ttl * 1000, 0, lease, leased_until, old)
  redis.call('SET', KEYS[1], head, 'PX', ttl)
else
  redis.call('UNLINK', KEYS[1])
end
return {1, 0, 0}
