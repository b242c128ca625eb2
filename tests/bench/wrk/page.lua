-- W3: one of the first ten pages
dofile("tests/bench/wrk/common.lua")

function request()
    return "GET /api/v1.0/posts/?page=" .. math.random(10) .. head .. "\r\n"
end
