-- What wrk sends, and what it counts. Each connection has one request under way; between an answer and the next
-- request it waits for a random time, so that all together keep a rate however quick refusals are.
-- The path is the time of sending, which every answer repeats.
local ffi = require('ffi')
ffi.cdef [[
  typedef struct { long seconds; long microseconds; } moment;
  int gettimeofday(moment *now, void *zone);
]]
local moment = ffi.new('moment')

local function now()
  ffi.C.gettimeofday(moment, nil)
  return tonumber(moment.seconds) * 1000 + tonumber(moment.microseconds) / 1000
end

local threads = {}

function setup(thread)
  thread:set('seed', #threads + 1)
  table.insert(threads, thread)
end

function init(args)
  math.randomseed(seed)
  pause = tonumber(args[1])
  sent, accepted, refused, without_retry_after, others = 0, 0, 0, 0, 0
  accepted_times, refused_times = {}, {} -- how many took so many milliseconds
end

function delay()
  return math.floor(-pause * math.log(1 - math.random()) + 0.5)
end

function request()
  sent = sent + 1
  return wrk.format('GET', string.format('/%.3f', now()))
end

local function note(times, body)
  local took = math.floor(now() - tonumber(body:match('/([%d.]+%d)')))
  times[took] = (times[took] or 0) + 1
end

function response(status, headers, body)
  if status == 200 then
    accepted = accepted + 1
    note(accepted_times, body)
  elseif status == 503 then
    refused = refused + 1
    note(refused_times, body)
    if not tonumber(headers['Retry-After']) then without_retry_after = without_retry_after + 1 end
  else
    others = others + 1
  end
end

function done(summary)
  local counted = {}
  for _, name in ipairs { 'sent', 'accepted', 'refused', 'without_retry_after', 'others' } do
    local sum = 0
    for _, thread in ipairs(threads) do sum = sum + thread:get(name) end
    table.insert(counted, string.format('"%s":%d', name, sum))
  end
  for _, name in ipairs { 'accepted_times', 'refused_times' } do
    local list = {}
    for _, thread in ipairs(threads) do
      for took, count in pairs(thread:get(name)) do
        table.insert(list, string.format('[%d,%d]', took, count))
      end
    end
    table.insert(counted, string.format('"%s":[%s]', name, table.concat(list, ',')))
  end
  local errors = summary.errors
  print(string.format('{%s,"errors":%d,"seconds":%f}', table.concat(counted, ','),
    errors.connect + errors.read + errors.write + errors.timeout, summary.duration / 1e6))
end
