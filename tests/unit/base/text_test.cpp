#include "app/base/text.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <string_view>

using namespace app::base;
using namespace std::literals;

TEST_CASE("percent_decode decodes both cases and leaves the plus alone") {
    CHECK(percent_decode("a%2Fb%2f+%E4%BD%A0") == "a/b/+你");
    CHECK(percent_decode("%00") == "\0"s);
    CHECK(percent_decode("") == "");
}

TEST_CASE("percent_decode refuses a bad escape") {
    for (const char* bad : {"%", "%1", "a%", "%G0", "%0g", "%%20", "% 1"}) {
        CAPTURE(bad);
        CHECK_FALSE(percent_decode(bad).has_value());
        CHECK_FALSE(form_decode(bad).has_value());
    }
}

TEST_CASE("form_decode reads a plus as a space and an encoded plus as a plus") { CHECK(form_decode("a+b%2Bc") == "a b+c"); }

TEST_CASE("percent_encode keeps the unreserved characters only") {
    CHECK(percent_encode("aZ09-._~") == "aZ09-._~");
    CHECK(percent_encode("a b/?&=+%你\n") == "a%20b%2F%3F%26%3D%2B%25%E4%BD%A0%0A");
}

TEST_CASE("every byte survives encoding and decoding") {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    CHECK(percent_decode(percent_encode(all)) == all);
    for (std::size_t length = 0; length < 256; ++length) {
        CHECK(base64url_decode(base64url_encode(all.substr(256 - length))) == all.substr(256 - length));
    }
}

TEST_CASE("escape_html escapes the five characters that HTML gives a meaning") {
    CHECK(escape_html("<a href=\"x\">Tom & 'Jerry'</a>") == "&lt;a href=&quot;x&quot;&gt;Tom &amp; &#39;Jerry&#39;&lt;/a&gt;");
    CHECK(escape_html("") == "");
    CHECK(escape_html("你好") == "你好");
}

TEST_CASE("is_utf8 accepts what RFC 3629 defines") {
    for (const std::string_view good :
         {""sv, "a\0b"sv, "\x7F"sv, "\xC2\x80"sv, "\xDF\xBF"sv, "\xE0\xA0\x80"sv, "\xED\x9F\xBF"sv, "\xEE\x80\x80"sv,
          "\xEF\xBF\xBF"sv, "\xF0\x90\x80\x80"sv, "\xF4\x8F\xBF\xBF"sv, "你好 👩‍👩‍👧"sv}) {
        CAPTURE(good);
        CHECK(is_utf8(good));
    }
}

TEST_CASE("is_utf8 refuses overlong forms, surrogates, what is too high and what is cut") {
    for (const std::string_view bad : {"\x80"sv, "\xBF"sv, "\xC0\xAF"sv, "\xC1\xBF"sv, "\xC2"sv, "\xC2\x41"sv, "\xE0\x9F\xBF"sv,
                                       "\xED\xA0\x80"sv, "\xED\xBF\xBF"sv, "\xE4\xBD"sv, "\xE4\xBD\x41"sv, "\xF0\x8F\xBF\xBF"sv,
                                       "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv, "\xF0\x90\x80"sv, "\xFF"sv, "a\xFE"sv}) {
        CAPTURE(percent_encode(bad));
        CHECK_FALSE(is_utf8(bad));
    }
}

TEST_CASE("case is ignored for ASCII letters only") {
    CHECK(to_lower_ascii("AbZ[@É") == "abz[@É");
    CHECK(equal_ignoring_case("BaSiC", "bAsIc"));
    CHECK_FALSE(equal_ignoring_case("a", "ab"));
    CHECK_FALSE(equal_ignoring_case("[", "{"));
    CHECK_FALSE(equal_ignoring_case("É", "é"));
}

TEST_CASE("trim takes ASCII blanks off both ends") {
    CHECK(trim(" \t\r\n\v\fa b ") == "a b");
    CHECK(trim(" \t ") == "");
    CHECK(trim("") == "");
    CHECK(trim("\u00A0a") == "\u00A0a");
}

TEST_CASE("split keeps the empty pieces") {
    CHECK(split("a,,b,", ',') == std::vector<std::string_view>{"a", "", "b", ""});
    CHECK(split("", ',') == std::vector<std::string_view>{""});
}

TEST_CASE("parse_integer reads whole numbers that fit") {
    CHECK(parse_integer("0") == 0);
    CHECK(parse_integer("-007") == -7);
    CHECK(parse_integer("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
    CHECK(parse_integer("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
    CHECK(parse_integer(std::string(100, '0') + "5") == 5);
}

TEST_CASE("parse_integer refuses everything else") {
    for (const char* bad :
         {"", "-", "+1", " 1", "1 ", "1a", "0x1", "1.0", "--1", "9223372036854775808", "-9223372036854775809", "１"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_integer(bad).has_value());
    }
}

TEST_CASE("base64_decode reads the vectors of RFC 4648") {
    CHECK(base64_decode("") == "");
    CHECK(base64_decode("Zg==") == "f");
    CHECK(base64_decode("Zm8=") == "fo");
    CHECK(base64_decode("Zm9v") == "foo");
    CHECK(base64_decode("Zm9vYg==") == "foob");
    CHECK(base64_decode("+/+/") == "\xFB\xFF\xBF");
}

TEST_CASE("base64_decode refuses what is not canonical") {
    for (const char* bad : {"Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zh==", "Zm9=", "Zm 9", "Zm9v\n", "-_-_", "Zg==Zg=="}) {
        CAPTURE(bad);
        CHECK_FALSE(base64_decode(bad).has_value());
    }
}

TEST_CASE("base64_decode refuses a foreign character wherever it stands") {
    const std::string text = base64_encode("a text that makes more than one group");
    for (std::size_t at = 0; at < text.size(); ++at) {
        for (const char foreign : {'-', '_', ' ', '=', '\0', '\x80', '\xff'}) {
            if (text[at] == foreign) continue;
            std::string changed = text;
            changed[at] = foreign;
            INFO("at ", at);
            CHECK_FALSE(base64_decode(changed).has_value());
        }
    }
}

TEST_CASE("base64 brings back every byte, for lengths that fill a group and lengths that do not") {
    std::string bytes;
    for (int length = 0; length < 300; ++length) {
        REQUIRE(base64_decode(base64_encode(bytes)) == bytes);
        REQUIRE(base64url_decode(base64url_encode(bytes)) == bytes);
        bytes += static_cast<char>(255 - length % 256);
    }
}

TEST_CASE("base64url uses its own alphabet, no padding, and one text per value") {
    CHECK(base64url_encode("\xFB\xFF\xBF") == "-_-_");
    CHECK(base64url_encode("f") == "Zg");
    for (const char* bad : {"Zg==", "Zh", "Z", "+/+/", "Zm9", "Zg="}) {
        CAPTURE(bad);
        CHECK_FALSE(base64url_decode(bad).has_value());
    }
}
