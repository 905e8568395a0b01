-- Reads entries of one tenant together.
-- KEYS[1]  its epochs
-- KEYS[2…] the entries
-- ARGV[1]  once the values have so many bytes, no more are read
-- returns  {number of the last epoch or 0, then of each entry that was read what PTTL says, -2 when there is none and -3 when it is no string, and
--          its bytes}
local answer = {tonumber(redis.call('HGET', KEYS[1], 'last') or 0)}
local room = tonumber(ARGV[1])
for i = 2, #KEYS do
  if room <= 0 then
    break
  end
  local bytes = redis.pcall('GET', KEYS[i])
  if type(bytes) == 'string' then
    room = room - #bytes
    answer[#answer + 1] = redis.call('PTTL', KEYS[i])
    answer[#answer + 1] = bytes
  else
    answer[#answer + 1] = bytes and -3 or -2
    answer[#answer + 1] = ''
  end
end
return answer
