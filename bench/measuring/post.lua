-- Posts JSON, and prints what came of it as one line of JSON.
-- Arguments: FILE [COUNT]. Each line of FILE is a path, a tab and a body; they are sent round and round.
-- With COUNT the run ends after so many answers, else after the time that wrk was given.
-- Requests carry an id, as those of a client do that traces its calls: few bytes of a head are those of the one before,
-- and no server gains by remembering a head that it has read.

local HEADS = 4096
local requests, sent = {}, 0

function init(args)
  local lines = {}
  for line in io.lines(args[1]) do lines[#lines + 1] = line end
  for number = 1, math.max(#lines, HEADS) do
    local path, body = lines[(number - 1) % #lines + 1]:match("^([^\t]*)\t(.*)$")
    local headers = {["Content-Type"] = "application/json", ["X-Request-Id"] = string.format("bench-%06d", number)}
    requests[number] = wrk.format("POST", path, headers, body)
  end
  if args[2] then stop_after(tonumber(args[2])) end
end

function request()
  sent = sent % #requests + 1
  return requests[sent]
end

-- Only a run with an end looks at answers one by one: it costs wrk time, which measured runs should not pay.
function stop_after(count)
  local answered, refused = 0, 0
  function response(status)
    answered = answered + 1
    if status ~= 200 then refused = refused + 1 end
    if answered == count then
      io.write(string.format('{"requests": %d, "refused": %d, "broken": 0}\n', answered, refused))
      io.flush()
      os.exit(0) -- wrk itself would sleep until its time is over
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "took_us": %d, "p50_us": %d, "p99_us": %d, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
