#include "app/web/json.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "app/base/error.hpp"
#include "test_context.hpp"

using namespace app::web;
using namespace std::string_literals;

namespace {

bool refused(std::string_view text) {
    try {
        parse_json(text);
    } catch (const app::base::Error& error) {
        return error.code() == app::base::Code::invalid;
    }
    return false;
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

std::string written(std::string_view text) {
    std::string out;
    JsonWriter(out).value(text);
    return out;
}

}  // namespace

TEST_CASE("a document of every kind of value is parsed") {
    const Value value = parse_json(R"( {"a": [1, -2.5, true, false, null, "x"], "b": {"c": {}}} )");
    REQUIRE(value.find("a"));
    const Value::List& list = *value.find("a")->list();
    REQUIRE(list.size() == 6);
    CHECK(*list[0].integer() == 1);
    CHECK(*list[1].real() == -2.5);
    CHECK(*list[2].boolean());
    CHECK_FALSE(*list[3].boolean());
    CHECK(list[4].is_null());
    CHECK(*list[5].string() == "x");
    CHECK(value.find("b")->find("c")->object()->empty());
    CHECK_FALSE(value.find("c"));
}

TEST_CASE("a document may be a single value") {
    CHECK(*parse_json("7").integer() == 7);
    CHECK(*parse_json("\"\"").string() == "");
    CHECK(parse_json(" null\n").is_null());
}

TEST_CASE("siblings after nested values land in their own parents") {
    const Value value = parse_json(R"([[1],[2,[3]],{"a":[4],"b":5},6])");
    CHECK(value ==
          Value(Value::List{Value::List{1}, Value::List{2, Value::List{3}}, Value::Object{{"a", Value::List{4}}, {"b", 5}}, 6}));
}

TEST_CASE("the last of members with one name counts") {
    const Value value = parse_json(R"({"a": {"x": 1}, "b": 2, "a": 3})");
    CHECK(value == Value(Value::Object{{"a", 3}, {"b", 2}}));
}

TEST_CASE("escapes are decoded, surrogate pairs included") {
    CHECK(*parse_json(R"("\"\\\/\b\f\n\r\t\u00e9\u20AC\ud83d\ude00")").string() == "\"\\/\b\f\n\r\t\u00e9\u20ac\U0001F600");
    CHECK(*parse_json(R"("a\u0000b")").string() == "a\0b"s);
}

TEST_CASE("lone surrogates are refused") {
    CHECK(refused(R"("\ud800")"));
    CHECK(refused(R"("\ud800x")"));
    CHECK(refused(R"("\udc00")"));
    CHECK(refused(R"("\ud800\ud800")"));
    CHECK(refused(R"({"\udfff": 1})"));
}

TEST_CASE("bytes that are not UTF-8 are refused") {
    CHECK(refused("\"\xff\""));
    CHECK(refused("\"\xc0\xaf\""));          // overlong
    CHECK(refused("\"\xed\xa0\x80\""));      // a surrogate
    CHECK(refused("\"\xf4\x90\x80\x80\""));  // above U+10FFFF
    CHECK(refused("\"\xe2\x82\""));          // cut short
    CHECK(*parse_json("\"\xf4\x8f\xbf\xbf\"").string() == "\xf4\x8f\xbf\xbf");
}

TEST_CASE("what RFC 8259 does not allow is refused") {
    for (const char* text :
         {"",        " ",         "{",        "[1,]",     "{\"a\":1,}", "{a:1}",    "{'a':1}", "{\"a\"}", "01", "+1",
          "1.",      ".5",        "-",        "0x1",      "NaN",        "Infinity", "tru",     "True",    "\"", "\"a",
          "\"\\x\"", "\"\\u12\"", "\"a\nb\"", "\"a\tb\"", "// c\n1",    "[1}",      "]",       "1e999"}) {
        CAPTURE(text);
        CHECK(refused(text));
    }
    CHECK(refused("\"a\0b\""s));
}

TEST_CASE("anything but blanks after the document is refused") {
    CHECK(refused("{} x"));
    CHECK(refused("{}{}"));
    CHECK(refused("1 2"));
    CHECK(refused("{}\0"s));
    CHECK_FALSE(refused("{} \t\r\n"));
}

TEST_CASE("a byte order mark before the document is passed over, as RFC 8259 section 8.1 allows") {
    CHECK(*parse_json("\xef\xbb\xbf"
                      "1")
               .integer() == 1);
    CHECK(refused("\xef\xbb"
                  "1"));
}

TEST_CASE("64 levels are parsed, 65 are refused and the message says so") {
    CHECK_FALSE(refused(nested(64)));
    CHECK(refused(nested(65)));
    CHECK(message_of([] { parse_json(nested(65)); }) == "JSON nested deeper than 64 levels");
    CHECK(message_of([] { parse_json(R"({"a":{"b":1}})", 1); }) == "JSON nested deeper than 1 levels");
}

TEST_CASE("a million brackets cost no stack") { CHECK(refused(std::string(1'000'000, '['))); }

TEST_CASE("integers keep 64 bits; beyond they become doubles") {
    CHECK(*parse_json("9223372036854775807").integer() == std::numeric_limits<std::int64_t>::max());
    CHECK(*parse_json("-9223372036854775808").integer() == std::numeric_limits<std::int64_t>::min());
    CHECK_FALSE(parse_json("9223372036854775808").integer());
    CHECK(*parse_json("9223372036854775808").real() == 9223372036854775808.0);
    CHECK(*parse_json("-9223372036854775809").real() == -9223372036854775808.0);
    CHECK(*parse_json("1.0").real() == 1.0);
    CHECK(*parse_json("1e2").real() == 100.0);
}

TEST_CASE("the message says at which byte a document is malformed") {
    CHECK(message_of([] { parse_json("{\"a\": x}"); }) == "malformed JSON at byte 7");
    CHECK(message_of([] { parse_json("[1 2]"); }) == "malformed JSON at byte 4");
}

TEST_CASE("the writer puts commas where they belong") {
    std::string out = "before:";
    JsonWriter writer(out);
    writer.begin_object()
        .field("a", 1)
        .key("b")
        .begin_array()
        .value(1)
        .value(true)
        .begin_object()
        .end_object()
        .null()
        .begin_array();
    writer.end_array().end_array().field("c", "x").field("d", std::string("y")).field("e", false).end_object();
    CHECK(out == R"(before:{"a":1,"b":[1,true,{},null,[]],"c":"x","d":"y","e":false})");
}

TEST_CASE("the writer separates values whose text ends like structure") {
    std::string out;
    JsonWriter(out).begin_array().value("a{").value("[").value(":").value("").end_array();
    CHECK(out == R"(["a{","[",":",""])");
}

TEST_CASE("the writer escapes quotes, backslashes and control characters, and nothing else") {
    CHECK(written("a\"b\\c/d") == R"("a\"b\\c/d")");
    CHECK(written("\n\r\t") == R"("\n\r\t")");
    CHECK(written("a\0\x01\x1f\x7f"s) == "\"a\\u0000\\u0001\\u001f\x7f\"");
    CHECK(written("\xc3\xa9\xf0\x9f\x98\x80") == "\"\xc3\xa9\xf0\x9f\x98\x80\"");
    CHECK(written("") == "\"\"");
}

TEST_CASE("the writer escapes a character wherever it stands in a text of any length") {
    for (std::size_t length = 1; length <= 20; ++length) {
        for (std::size_t at = 0; at < length; ++at) {
            for (int c = 0; c < 256; ++c) {
                if (c >= 0x20 && c != '"' && c != '\\') continue;
                std::string text(length, '\x7f');
                text[at] = static_cast<char>(c);
                const std::string escape = written(std::string(1, static_cast<char>(c)));
                const std::string expected = "\"" + std::string(at, '\x7f') + escape.substr(1, escape.size() - 2) +
                                             std::string(length - at - 1, '\x7f') + "\"";
                REQUIRE(written(text) == expected);
            }
        }
    }
}

TEST_CASE("the writer leaves every other byte as it is, wherever it stands") {
    for (int c = 0x20; c < 256; ++c) {
        if (c == '"' || c == '\\') continue;
        for (const char around : {' ', '\xff'}) {
            std::string text(17, around);
            text[3] = text[12] = static_cast<char>(c);
            REQUIRE(written(text) == "\"" + text + "\"");
        }
    }
}

TEST_CASE("the writer escapes keys as it escapes text") {
    std::string out;
    JsonWriter(out).begin_object().field("a\"b", 1).end_object();
    CHECK(out == R"({"a\"b":1})");
}

TEST_CASE("the writer writes integers whole") {
    std::string out;
    JsonWriter(out)
        .begin_array()
        .value(std::numeric_limits<std::int64_t>::min())
        .value(std::numeric_limits<std::int64_t>::max())
        .end_array();
    CHECK(out == "[-9223372036854775808,9223372036854775807]");
}

TEST_CASE("what the writer writes, the parser reads") {
    const std::string text = "quote \" backslash \\ newline \n nul \0 euro \u20ac"s;
    CHECK(*parse_json(written(text)).string() == text);
}

TEST_CASE("a value is printed with sorted members, in one line or indented") {
    const Value value = parse_json(R"({"b": [1, {"x": null}], "a": "\"", "empty": {}, "none": [], "half": 0.5, "yes": true})");
    CHECK(to_json(value) == R"({"a":"\"","b":[1,{"x":null}],"empty":{},"half":0.5,"none":[],"yes":true})");
    CHECK(to_json(parse_json(R"({"b":[1,2],"a":{}})"), 2) == "{\n  \"a\": {},\n  \"b\": [\n    1,\n    2\n  ]\n}");
}

TEST_CASE("of members with one name the last counts, unless they are refused: then with the pointer to the second") {
    const auto pointer_of = [](std::string_view text) -> std::string {
        try {
            parse_json(text, 64, DuplicateMembers::refused);
        } catch (const app::base::Error& error) {
            CHECK(error.code() == app::base::Code::invalid);
            return error.fields().empty() ? error.message() : error.fields()[0].pointer;
        }
        return "(accepted)";
    };
    CHECK(*parse_json(R"({"a":1,"a":2})").find("a")->integer() == 2);
    CHECK(pointer_of(R"({"a":1,"a":2})") == "/a");
    CHECK(pointer_of(R"({"":1,"":2})") == "/");
    CHECK(pointer_of(R"({"a":1,"\u0061":2})") == "/a");
    CHECK(pointer_of(R"({"a":{"b":[0,{"c":1,"c":2}]}})") == "/a/b/1/c");
    CHECK(pointer_of(R"([[],[{"x":{}},{"y":1,"y":2}]])") == "/1/1/y");
    CHECK(pointer_of(R"({"a/b~c":{"~1":1,"~1":2}})") == "/a~1b~0c/~01");
    CHECK(pointer_of(R"({"a":{"x":1},"b":{"x":1},"c":[{"x":1},{"x":1}]})") == "(accepted)");
    CHECK(pointer_of(R"({"a":1,"a":)") == "/a");  // the first thing that is wrong
    CHECK(pointer_of(R"({"a":1,"b":)").starts_with("malformed JSON at byte"));
}
