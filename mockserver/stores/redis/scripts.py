"""What the Redis store runs inside Redis, where nothing comes between two commands.

Each script is given the space and the prefix of its keys first, and last until when it may do anything, in epoch
milliseconds; all keys but `KEYS[1]`, the spaces, begin with it.
"""

from __future__ import annotations

#: What a script answers that comes too late to do anything.
LATE = "LATE"

_IN_TIME = f"""
local deadline, now = tonumber(table.remove(ARGV)), redis.call('TIME')
if now[1] * 1000 + now[2] / 1000 > deadline then
    return redis.error_reply('{LATE} nobody waits for this any more')
end
"""
_VERBS = (
    _IN_TIME
    + """
local space, prefix = ARGV[1], ARGV[2]
local function count(name, entries, bytes)
    redis.call('HINCRBY', prefix .. 'usage:' .. name, 'bytes', bytes)
    if entries ~= 0 then
        redis.call('HINCRBY', prefix .. 'usage:' .. name, 'entries', entries)
        redis.call('ZINCRBY', KEYS[1], entries, space)
        redis.call('SADD', prefix .. 'names', name)
    end
end
local function is_over(name, most_entries, most_bytes)
    local held = redis.call('HMGET', prefix .. 'usage:' .. name, 'entries', 'bytes')
    local entries, bytes = tonumber(held[1]), tonumber(held[2])
    return entries > 1 and (entries > tonumber(most_entries) or bytes > tonumber(most_bytes))
end
local function drop(name, bytes)
    count(name, -1, -bytes)
    redis.call('HINCRBY', prefix .. 'usage:' .. name, 'dropped', 1)
end
local function append(name, entry, most_entries, most_bytes)
    local log = prefix .. 'log:' .. name
    local number = redis.call('HINCRBY', prefix .. 'usage:' .. name, 'last', 1)
    redis.call('XADD', log, string.format('%.0f-0', number), '', entry)
    count(name, 1, #entry)
    while is_over(name, most_entries, most_bytes) do
        local oldest = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
        redis.call('XDEL', log, oldest[1])
        drop(name, #oldest[2][2])
    end
    return number
end
local function read(name, key)
    return redis.call('HGET', prefix .. 'values:' .. name, key) or ''
end
local function write(name, key, found, new, most_entries, most_bytes)
    local values, order = prefix .. 'values:' .. name, prefix .. 'order:' .. name
    if new == found then return end
    if new == '' then
        redis.call('HDEL', values, key)
        redis.call('ZREM', order, key)
        return count(name, -1, -#key - #found)
    end
    redis.call('HSET', values, key, new)
    if found == '' then
        redis.call('ZADD', order, redis.call('HINCRBY', prefix .. 'usage:' .. name, 'last', 1), key)
        count(name, 1, #key + #new)
    else
        count(name, 0, #new - #found)
    end
    while is_over(name, most_entries, most_bytes) do
        local oldest = redis.call('ZRANGE', order, 0, 1)
        local victim = oldest[1] ~= key and oldest[1] or oldest[2]
        local size = #victim + redis.call('HSTRLEN', values, victim)
        redis.call('HDEL', values, victim)
        redis.call('ZREM', order, victim)
        drop(name, size)
    end
end
"""
)

# ARGV: ..., log, entry, most entries, most bytes. Returns the entry's number.
APPEND = f"{_VERBS}return append(ARGV[3], ARGV[4], ARGV[5], ARGV[6])"

# ARGV: ..., kind, key, what was read, what shall be, most entries, most bytes; nothing stands for no record.
# Returns nil when it is done, or what is there now when that is not what was read.
REPLACE = f"""{_VERBS}
local found = read(ARGV[3], ARGV[4])
if found ~= ARGV[5] then return found end
write(ARGV[3], ARGV[4], found, ARGV[6], ARGV[7], ARGV[8])
return nil
"""

# ARGV: ..., how many were read, and what is to be done.
# What was read: name, key, then what was found there: '=' and the value, or '#' and its SHA-1. Without a key, it is
# the number of the youngest entry of a log. To be done: 'write' or 'append', with what these take.
# Returns nil when it is done; else nothing is, and it returns which of what was read is otherwise, each with its value.
TOGETHER = f"""{_VERBS}
local at, others = 4, {{}}
for position = 1, tonumber(ARGV[3]) do
    local name, key, expected = ARGV[at], ARGV[at + 1], ARGV[at + 2]
    at = at + 3
    local found
    if key == '' then
        found = redis.call('HGET', prefix .. 'usage:' .. name, 'last') or ''
    else
        found = read(name, string.sub(key, 2))
    end
    local digest = string.sub(expected, 1, 1) == '=' and '=' .. found or '#' .. redis.sha1hex(found)
    if digest ~= expected then
        others[#others + 1] = position
        others[#others + 1] = found
    end
end
if #others > 0 then return others end
while ARGV[at] do
    if ARGV[at] == 'write' then
        write(ARGV[at + 1], ARGV[at + 2], read(ARGV[at + 1], ARGV[at + 2]), ARGV[at + 3], ARGV[at + 4], ARGV[at + 5])
        at = at + 6
    else
        append(ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4])
        at = at + 5
    end
end
return nil
"""

# ARGV: ..., and perhaps one name.
# A full Redis still lets go of what it holds, and refuses what might take memory, as counting does: then the space
# counts for more than it holds, until nothing is left of it.
FORGET = (
    _IN_TIME
    + """
local space, prefix = ARGV[1], ARGV[2]
for _, name in ipairs(ARGV[3] and {ARGV[3]} or redis.call('SMEMBERS', prefix .. 'names')) do
    local usage = prefix .. 'usage:' .. name
    local entries = tonumber(redis.call('HGET', usage, 'entries') or 0)
    redis.call('UNLINK', usage, prefix .. 'values:' .. name, prefix .. 'order:' .. name, prefix .. 'log:' .. name)
    redis.call('SREM', prefix .. 'names', name)
    redis.pcall('ZINCRBY', KEYS[1], -entries, space)
end
if redis.call('SCARD', prefix .. 'names') == 0 then redis.call('ZREM', KEYS[1], space) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', 0)
"""
)
