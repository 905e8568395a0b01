-- After time.lua and before header.lua and the rest of one put; after that comes putall.lua.
local function put(KEYS, ARGV)
