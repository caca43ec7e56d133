"""What the Redis store runs inside Redis, where nothing comes between two commands."""

from __future__ import annotations

# KEYS: spaces, names, usage, ... ARGV: space, name, most entries, most bytes, ...
_COUNTING = """
local function count(entries, bytes)
    redis.call('HINCRBY', KEYS[3], 'bytes', bytes)
    if entries ~= 0 then
        redis.call('HINCRBY', KEYS[3], 'entries', entries)
        redis.call('ZINCRBY', KEYS[1], entries, ARGV[1])
        redis.call('SADD', KEYS[2], ARGV[2])
    end
end
local function is_over()
    local held = redis.call('HMGET', KEYS[3], 'entries', 'bytes')
    local entries, bytes = tonumber(held[1]), tonumber(held[2])
    return entries > 1 and (entries > tonumber(ARGV[3]) or bytes > tonumber(ARGV[4]))
end
local function drop(bytes)
    count(-1, -bytes)
    redis.call('HINCRBY', KEYS[3], 'dropped', 1)
end
"""

# KEYS: ..., log. ARGV: ..., entry. Returns the entry's number.
APPEND = (
    _COUNTING
    + """
local number = redis.call('HINCRBY', KEYS[3], 'last', 1)
redis.call('XADD', KEYS[4], string.format('%.0f-0', number), '', ARGV[5])
count(1, #ARGV[5])
while is_over() do
    local oldest = redis.call('XRANGE', KEYS[4], '-', '+', 'COUNT', 1)[1]
    redis.call('XDEL', KEYS[4], oldest[1])
    drop(#oldest[2][2])
end
return number
"""
)

# KEYS: ..., values, order. ARGV: ..., key, what was read, what shall be; nothing stands for no record.
# Returns nil when it is done, or what is there now when that is not what was read.
REPLACE = (
    _COUNTING
    + """
local key, read, new = ARGV[5], ARGV[6], ARGV[7]
local found = redis.call('HGET', KEYS[4], key) or ''
if found ~= read then return found end
if new == '' then
    redis.call('HDEL', KEYS[4], key)
    redis.call('ZREM', KEYS[5], key)
    count(-1, -#key - #found)
    return nil
end
redis.call('HSET', KEYS[4], key, new)
if found == '' then
    redis.call('ZADD', KEYS[5], redis.call('HINCRBY', KEYS[3], 'last', 1), key)
    count(1, #key + #new)
else
    count(0, #new - #found)
end
while is_over() do
    local oldest = redis.call('ZRANGE', KEYS[5], 0, 1)
    local victim = oldest[1] ~= key and oldest[1] or oldest[2]
    local size = #victim + redis.call('HSTRLEN', KEYS[4], victim)
    redis.call('HDEL', KEYS[4], victim)
    redis.call('ZREM', KEYS[5], victim)
    drop(size)
end
return nil
"""
)

# KEYS: spaces, names. ARGV: space, prefix, and perhaps one name.
FORGET = """
for _, name in ipairs(ARGV[3] and {ARGV[3]} or redis.call('SMEMBERS', KEYS[2])) do
    local usage = ARGV[2] .. 'usage:' .. name
    local entries = tonumber(redis.call('HGET', usage, 'entries') or 0)
    redis.call('ZINCRBY', KEYS[1], -entries, ARGV[1])
    redis.call('UNLINK', usage, ARGV[2] .. 'values:' .. name, ARGV[2] .. 'order:' .. name, ARGV[2] .. 'log:' .. name)
    redis.call('SREM', KEYS[2], name)
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', 0)
"""
