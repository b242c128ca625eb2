#include "app/web/form.hpp"

#include <doctest/doctest.h>

#include <string>

#include "app/base/error.hpp"

namespace {

using app::base::Code;
using app::web::FormField;
using app::web::parse_form;

Code refusal(std::string_view body, std::size_t fields_max = 1000) {
    try {
        parse_form(body, fields_max);
    } catch (const app::base::Error& error) {
        return error.code();
    }
    FAIL("accepted");
    return Code::internal;
}

}  // namespace

TEST_CASE("a form's fields are decoded in their order") {
    CHECK(parse_form("email=a%40b.example&body=one+two%2B%0D%0A&email=%C3%A4") ==
          std::vector<FormField>{{"email", "a@b.example"}, {"body", "one two+\r\n"}, {"email", "\xC3\xA4"}});
    CHECK(parse_form("a=b=c&d&=e&f=") == std::vector<FormField>{{"a", "b=c"}, {"d", ""}, {"", "e"}, {"f", ""}});
    CHECK(parse_form("").empty());
    CHECK(parse_form("&&a=1&").size() == 1);
}

TEST_CASE("the first value of a name is found") {
    const auto fields = parse_form("a=1&b=2&a=3");
    CHECK(find_value(fields, "a") == "1");
    CHECK(find_value(fields, "A") == std::nullopt);
}

TEST_CASE("a form with a bad escape, bytes that are not UTF-8, or NUL is invalid") {
    for (const char* body : {"a=%", "a=%4", "a=%zz", "%=1", "a=%FF", "\xFF=1", "a=%C3", "a=%00", "a=1&b=%ED%A0%80"})
        CHECK(refusal(body) == Code::invalid);
    CHECK(refusal(std::string_view{"a=\0", 3}) == Code::invalid);
}

TEST_CASE("a form of more fields than allowed is too large") {
    std::string body;
    for (int field = 0; field < 1000; ++field) body += "a=1&";
    CHECK(parse_form(body).size() == 1000);
    CHECK(refusal(body + "a") == Code::too_large);
    CHECK(refusal("a&b", 1) == Code::too_large);
}
