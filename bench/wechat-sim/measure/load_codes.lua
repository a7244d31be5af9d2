-- wrk script: each request exchanges a load code of its own, of one of a million users.
local thread_counter = 0
function setup(thread)
    thread:set("number", thread_counter)
    thread_counter = thread_counter + 1
end

local sent = 0
local salt = string.format("%07x", os.time() % 0x10000000)
function request()
    sent = sent + 1
    local user = (sent * 7919 + number * 500009) % 1000000
    local path = "/sns/jscode2session?appid=wx0123456789abcdef&secret=0123456789abcdef0123456789abcdef&js_code=0L"
        .. string.format("%010d%s%03d%010d", user, salt, number, sent) .. "&grant_type=authorization_code"
    return wrk.format("GET", path)
end

function done(summary, latency, requests)
    io.write(string.format("p50 %.0f us, p99 %.0f us\n", latency:percentile(50), latency:percentile(99)))
end
