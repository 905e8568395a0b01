
-- Where changes are noted, if they are: see WriteIntents. The last argument is what the entry is called there.
if notes then
  redis.call('ZADD', notes, now, string.format('%.0f', version) .. ':' .. ARGV[#ARGV])
end
