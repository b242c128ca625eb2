#include "manage/shell/printing.hpp"

#include <doctest/doctest.h>

#include "tests/support/checks.hpp"

using namespace manage::shell;

namespace {

// How the value of a Lua expression is shown.
std::string shown(const std::string& expression, const PrintLimits& limits = {}) {
    const StatePointer state = new_state();
    std::string text;
    protect(state.get(), [&](lua_State* lua) {
        load(lua, "return " + expression, "=test");
        lua_call(lua, 0, 1);
        text = show(lua, -1, limits);
        CHECK(lua_gettop(lua) == 1);
    });
    return text;
}

}  // namespace

TEST_CASE("Plain values are shown as they are written") {
    CHECK(shown("nil") == "nil");
    CHECK(shown("true") == "true");
    CHECK(shown("9223372036854775807") == "9223372036854775807");
    CHECK(shown("-9223372036854775807 - 1") == "-9223372036854775808");
    CHECK(shown("1.0") == "1.0");
    CHECK(shown("print") == "function");
}

TEST_CASE("Strings are quoted; what a terminal would obey or cannot show is escaped") {
    CHECK(shown("'a\"b\\\\c'") == R"("a\"b\\c")");
    CHECK(shown("'é🍵 \\u{202E}'") == "\"é🍵 \u202E\"");
    CHECK(shown("'\\0\\n\\t\\27[2J\\x7f'") == R"("\x00\n\t\x1b[2J\x7f")");
    CHECK(shown("'\\xff\\xc3'") == R"("\xff\xc3")");
    CHECK(shown("'\\u{85}'") == R"("\xc2\x85")");
    CHECK(shown("('x'):rep(10)", {.text_bytes_max = 4}) == "\"xxxx\"... (10 bytes)");
}

TEST_CASE("Short tables are one line, long ones several, their names sorted") {
    CHECK(shown("{}") == "{}");
    CHECK(shown("{1, 'two', {3}}") == R"({1, "two", {3}})");
    CHECK(shown("{b = 1, a = 2, ['not a name'] = 3, ['end'] = 4, [10] = 5, [true] = 6}") ==
          R"({[10] = 5, a = 2, b = 1, ["end"] = 4, ["not a name"] = 3, [true] = 6})");
    CHECK(shown("{a = {b = 'xxxxxxxxxx'}, c = 'xxxxxxxxxx'}", {.width = 30}) ==
          "{\n  a = {b = \"xxxxxxxxxx\"},\n  c = \"xxxxxxxxxx\",\n}");
}

TEST_CASE("Tables that never end are shown to an end") {
    CHECK(shown("(function() local t = {} t.t = t return t end)()") == "{t = <cycle>}");
    CHECK(shown("(function() local t = {1} return {t, t} end)()") == "{{1}, {1}}");
    CHECK(shown("(function() local t = {} for i = 1, 200 do t = {t} end return t end)()") == "{{{{{{{...}}}}}}}");
    CHECK(shown("{1, 2, 3, 4, 5}", {.items_max = 2}) == "{1, 2, ... 3 more}");
    CHECK(shown("{a = 1, b = 2, c = 3}", {.items_max = 2}) == "{a = 1, b = 2, ... 1 more}");
    CHECK(shown("(function() local t = {} for i = 1, 100000 do t['k' .. i] = i end return t end)()").size() < 4000);
}

TEST_CASE("A value says itself how it looks") {
    CHECK(shown("setmetatable({}, {__tostring = function() return 'mine' end})") == "mine");
    CHECK(shown("setmetatable({}, {__show = {1}})") == "{1}");
    CHECK(shown("setmetatable({}, {__show = function() return 'shown' end})") == "shown");
    const auto error = tests::error_of([] { shown("setmetatable({}, {__show = function() error('broken', 0) end})"); });
    REQUIRE(error);
    CHECK(error->message() == "broken");
}
