#include "manage/shell/values.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "app/base/error.hpp"
#include "app/web/json.hpp"
#include "tests/support/checks.hpp"

using namespace manage::shell;
using app::base::Error;
using app::web::Value;

namespace {

constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

// What becomes of a value on its way into Lua and back.
Value there_and_back(const Value& value) {
    const StatePointer state = new_state();
    Value back;
    protect(state.get(), [&](lua_State* lua) {
        push_json(lua, value);
        back = to_json_value(lua, -1);
    });
    return back;
}

// What the Lua expression is as JSON.
std::string as_json(const std::string& expression) {
    const StatePointer state = new_state();
    std::string text;
    protect(state.get(), [&](lua_State* lua) {
        load(lua, "return " + expression, "=test");
        lua_call(lua, 0, 1);
        text = app::web::to_json(to_json_value(lua, -1));
    });
    return text;
}

std::string refusal(const std::string& expression) {
    const auto error = tests::error_of([&] { as_json(expression); });
    return error ? error->message() : "";
}

}  // namespace

TEST_CASE("Integers of 64 bits stay what they are, as do real numbers") {
    for (const std::int64_t number : {std::int64_t{0}, std::int64_t{-1}, smallest, largest, (std::int64_t{1} << 53) + 1}) {
        CHECK(there_and_back(number) == Value(number));
    }
    CHECK(there_and_back(0.5) == Value(0.5));
    CHECK(as_json("9223372036854775807") == "9223372036854775807");
    CHECK(as_json("math.mininteger") == "-9223372036854775808");
}

TEST_CASE("Texts keep their bytes, NUL included") {
    const std::string odd("a\0b \"\\ \n é🍵", 15);
    CHECK(there_and_back(odd) == Value(odd));
    const StatePointer state = new_state();
    protect(state.get(), [&](lua_State* lua) {
        push(lua, std::string_view("\xff\0\xc3", 3));
        CHECK(lua_rawlen(lua, -1) == 3);
        CHECK(to_text(lua, -1, "it") == std::string("\xff\0\xc3", 3));
    });
}

TEST_CASE("Lists, objects and what is in them go both ways; null is nil") {
    const Value document = app::web::parse_json(R"({"list": [1, "two", true, {"three": 3.5}], "gone": null, "empty": ""})");
    const Value back = there_and_back(document);
    CHECK(app::web::to_json(back) == R"({"empty":"","list":[1,"two",true,{"three":3.5}]})");
    CHECK(as_json("{}") == "{}");
    CHECK(as_json("{1, 2, {}}") == "[1,2,{}]");
    CHECK(as_json("nil") == "null");
}

TEST_CASE("What is no JSON is refused in one line") {
    CHECK(tests::contains(refusal("print"), "a function is no JSON"));
    CHECK(tests::contains(refusal("{1, x = 2}"), "this one mixes them"));
    CHECK(tests::contains(refusal("{[1.5] = 1}"), "this one mixes them"));
    CHECK(tests::contains(refusal("1/0"), "no infinite numbers"));
    CHECK(tests::contains(refusal("'\\xff'"), "not UTF-8"));
    CHECK(tests::contains(refusal("(function() local t = {} t.t = t return t end)()"), "contains itself"));
}

TEST_CASE("A field that nobody knows is refused with the nearest one") {
    const StatePointer state = new_state();
    const auto error = tests::error_of([&] {
        protect(state.get(), [](lua_State* lua) {
            load(lua, "return {emial = 1}", "=test");
            lua_call(lua, 0, 1);
            check_fields(lua, -1, "User.find", {"email", "id"});
        });
    });
    REQUIRE(error);
    CHECK(error->message() == "User.find takes no emial; did you mean email?");
}

namespace {

int fail(lua_State*) { throw Error(app::base::Code::invalid, "it is wrong"); }

struct Witness {
    bool& destroyed;
    ~Witness() { destroyed = true; }
};

}  // namespace

TEST_CASE("An error of C++ is one of Lua, which pcall catches, with its place") {
    const StatePointer state = new_state();
    protect(state.get(), [](lua_State* lua) {
        lua_pushcfunction(lua, guarded<fail>);
        lua_setglobal(lua, "fail");
        load(lua, "local ok, message = pcall(function()\n fail()\nend) return ok, message", "=test");
        lua_call(lua, 0, 2);
        CHECK(lua_toboolean(lua, -2) == 0);
        CHECK(to_text(lua, -1, "it") == "test:2: it is wrong");
    });
}

TEST_CASE("An error of Lua destroys what C++ holds on its way") {
    const StatePointer state = new_state();
    bool destroyed = false;
    const auto error = tests::error_of([&] {
        protect(state.get(), [&](lua_State* lua) {
            const Witness witness{destroyed};
            luaL_error(lua, "raised");
        });
    });
    CHECK(destroyed);
    REQUIRE(error);
    CHECK(error->message() == "raised");
    CHECK(lua_gettop(state.get()) == 0);
}

TEST_CASE("An error that is no text is told all the same, in one line") {
    const StatePointer state = new_state();
    const auto told = [&](const std::string& code) {
        const auto error = tests::error_of([&] {
            protect(state.get(), [&](lua_State* lua) {
                load(lua, code, "=test");
                lua_call(lua, 0, 0);
            });
        });
        return error ? error->message() : "";
    };
    CHECK(told("error()") == "nil");
    CHECK(told("error(7)") == "7");
    CHECK(told("error(setmetatable({}, {__tostring = function() return 'mine\\nof two lines' end}))") == "mine of two lines");
    CHECK(told("error({})").starts_with("table: "));
    CHECK(told("local x = = 1") == "test:1: unexpected symbol near '='");
}
