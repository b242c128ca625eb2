-- W2 and W5: one post of 10,000
dofile("tests/bench/wrk/common.lua")

function request()
    return "GET /api/v1.0/posts/" .. math.random(10000) .. head .. "\r\n"
end
