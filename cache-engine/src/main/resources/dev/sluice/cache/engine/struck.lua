-- Takes a delete out of the ledger of its tenant, after condition.lua and ledger.lua. The ledger is the second key, and the third is where
-- changes are noted; ARGV[4] is namespace:key.
ledger, notes = KEYS[2], KEYS[3]
if kind ~= 0 then
  discount(redis.call('STRLEN', KEYS[1]), ARGV[4])
  book()
end
