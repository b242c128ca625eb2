-- W4: a post of 500 bytes, no two of them alike
dofile("tests/bench/wrk/common.lua")

local common_init = init
local count = 0
local text = ""

function init(arguments)
    common_init(arguments)
    head = head .. "Content-Type: application/json\r\nContent-Length: 511\r\n\r\n"
    while #text < 1000 do
        local word = {}
        for i = 1, math.random(2, 9) do word[i] = string.char(math.random(97, 122)) end
        local mark = math.random(30) == 1 and "*" or ""
        text = text .. mark .. table.concat(word) .. mark .. " "
    end
end

function request()
    count = count + 1
    local start = math.random(500)
    local unique = string.format("%d-%d ", number, count)
    return "POST /api/v1.0/posts/" .. head .. '{"body":"' .. unique .. text:sub(start, start + 499 - #unique) .. '"}'
end
