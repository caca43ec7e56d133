-- Posts JSON, and tells what came of it as one line of JSON on standard output.
-- Arguments: FILE [COUNT]. Each line of FILE is a path, a tab and a body; they are sent in turns.
-- With COUNT the run ends after so many answers, else after the time that wrk was given.

local requests, turn = {}, 0

function init(args)
  wrk.headers["Content-Type"] = "application/json"
  for line in io.lines(args[1]) do
    local path, body = line:match("^([^\t]*)\t(.*)$")
    requests[#requests + 1] = wrk.format("POST", path, nil, body)
  end
  local left = tonumber(args[2])
  if left then
    -- Only a run with an end looks at answers one by one: it costs wrk time, which measured runs should not pay.
    function response()
      left = left - 1
      if left <= 0 then wrk.thread:stop() end
    end
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "took_us": %d, "p50_us": %d, "p99_us": %d, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
