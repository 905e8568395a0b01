-- Before header.lua: one time for all that a script does.
local time = redis.call('TIME')
