-- Before header.lua, ledger.lua and sweep.lua, which make one removal; after them comes sweptall.lua.
local function sweep(KEYS, ARGV)
