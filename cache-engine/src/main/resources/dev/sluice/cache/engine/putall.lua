end
-- Puts several entries, in their order.
-- KEYS     of each as many as one put has
-- ARGV     how many there are, then of each as many as one put has
-- returns  of each what one put returns, or {4, 0, 0, the error} when it failed, as one that is put alone does: the others go on
local count = tonumber(ARGV[1])
local names, arguments = #KEYS / count, (#ARGV - 1) / count
local answers = {}
for i = 0, count - 1 do
  local itsKeys, itsArguments = {}, {}
  for j = 1, names do
    itsKeys[j] = KEYS[i * names + j]
  end
  for j = 1, arguments do
    itsArguments[j] = ARGV[1 + i * arguments + j]
  end
  local done, answer = pcall(put, itsKeys, itsArguments)
  answers[i + 1] = done and answer or {4, 0, 0, type(answer) == 'table' and answer.err or tostring(answer)}
end
return answers
