-- W1
dofile("tests/bench/wrk/common.lua")

function request()
    return "GET /healthz" .. head .. "\r\n"
end
