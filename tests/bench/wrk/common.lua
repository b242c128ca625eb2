-- What the workloads share. wrk is called as `wrk ... -s tests/bench/wrk/NAME.lua URL -- AUTHORIZATION HEAD`, where HEAD is "wrk" or
-- "browser": how much a client says beside its request. The requests are put together from texts made once, so that wrk takes little
-- of the machine it shares with the server.
local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("number", threads)
end

-- The end of a request's head, without the blank line. The browser's head is about 560 bytes long with its first line.
local browser = table.concat({
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language: en-GB,en;q=0.5",
    "Referer: http://127.0.0.1/posts/",
    "Connection: keep-alive",
    "Upgrade-Insecure-Requests: 1",
    "Sec-Fetch-Dest: document",
    "Sec-Fetch-Mode: navigate",
    "Sec-Fetch-Site: same-origin",
    "Priority: u=0, i",
}, "\r\n") .. "\r\n"

function init(arguments)  -- [0] is the URL
    math.randomseed(number)
    head = " HTTP/1.1\r\nHost: 127.0.0.1\r\n" .. (arguments[2] == "browser" and browser or "") .. "Authorization: " .. arguments[1] ..
        "\r\nAccept-Encoding: identity\r\n"
end

-- One line for scripts/bench: requests, microseconds, responses that were no success, broken sockets, p50 and p99 in microseconds.
function done(summary, latency)
    local errors = summary.errors
    io.write(string.format("result %d %d %d %d %d %d\n", summary.requests, summary.duration, errors.status,
        errors.connect + errors.read + errors.write + errors.timeout, latency:percentile(50), latency:percentile(99)))
end
