-- Takes a tenant without epochs out of those that have any.
-- KEYS[1]  the epochs of the tenant, as purge.lua has them
-- KEYS[2]  the tenants that have any
-- returns  {1 if it is not among them any more, 0, 0}
if redis.call('HLEN', KEYS[1]) > redis.call('HEXISTS', KEYS[1], 'last') then
  return {0, 0, 0}
end
redis.call('SREM', KEYS[2], string.sub(KEYS[1], 4, -2))
return {1, 0, 0}
