#include "app/mail/address.hpp"

#include <doctest/doctest.h>

#include "tests/support/checks.hpp"

using namespace app::mail;
using tests::contains;
using tests::error_of;

namespace {

std::string parsed(std::string_view text) {
    const auto address = parse_address(text);
    return address ? address->name + "|" + address->email : "none";
}

std::string refusal(std::string_view email) {
    const auto error = error_of([&] { to_wire(email); });
    return error ? error->message() : "";
}

}  // namespace

TEST_CASE("an address is read with its name, or without one") {
    CHECK(parsed("ada@dewar.example") == "|ada@dewar.example");
    CHECK(parsed(" <ada@dewar.example> ") == "|ada@dewar.example");
    CHECK(parsed("Ada Lovelace <ada@dewar.example>") == "Ada Lovelace|ada@dewar.example");
    CHECK(parsed("\"Lovelace, \\\"Ada\\\"\" <ada@dewar.example>") == "Lovelace, \"Ada\"|ada@dewar.example");
    CHECK(parsed("戴瓦 <blog@dewar.example>") == "戴瓦|blog@dewar.example");
}

TEST_CASE("what is no address is not read as one") {
    for (const char* text :
         {"", "ada", "ada@", "@dewar.example", "ada@dewar.example, bob@dewar.example", "Ada <ada@dewar.example", "ada>",
          "a da@dewar.example", "ada@dewar..example", "ada@-dewar.example", "ada@[127.0.0.1]", "ada@@dewar.example"}) {
        CAPTURE(text);
        CHECK(parsed(text) == "none");
    }
}

TEST_CASE("an address that would add a header or a recipient is refused") {
    CHECK(contains(refusal("ada@dewar.example\r\nBcc: eve@dewar.example"), "is no address that mail can be sent to"));
    CHECK_FALSE(contains(refusal("ada@dewar.example\r\nX: y"), "\n"));
    CHECK_FALSE(refusal("ada\n@dewar.example").empty());
    CHECK_FALSE(refusal("ada>@dewar.example").empty());
    CHECK_FALSE(refusal(std::string_view("ada@dewar\0.example", 18)).empty());
    CHECK(error_of([] { require_valid({.name = "Ada\r\nBcc: eve@dewar.example", .email = "ada@dewar.example"}); }));
    CHECK(error_of([] { require_valid({.name = "\xff", .email = "ada@dewar.example"}); }));
}

TEST_CASE("a domain of any language goes out in punycode") {
    CHECK(to_wire("ada@münchen.example") == "ada@xn--mnchen-3ya.example");
    CHECK(to_wire("ada@例子.测试") == "ada@xn--fsqu00a.xn--0zwm56d");
    CHECK(to_wire("Ada@Dewar.Example") == "Ada@Dewar.Example");
    CHECK(domain_of("ada@straße.example") == "xn--strae-oqa.example");
    CHECK(host_to_wire("邮件.example") == "xn--5nq051n.example");
    CHECK(host_to_wire("mail_server") == "mail_server");
    CHECK(contains(refusal("ädä@dewar.example"), "before the @ only ASCII is possible"));
}

TEST_CASE("an address has its limits") {
    CHECK(refusal(std::string(64, 'a') + "@dewar.example").empty());
    CHECK_FALSE(refusal(std::string(65, 'a') + "@dewar.example").empty());
    CHECK_FALSE(refusal("a@" + std::string(64, 'a') + ".example").empty());
    std::string domain;
    for (int i = 0; i < 50; ++i) domain += "label.";
    CHECK_FALSE(refusal("a@" + domain + "example").empty());
}
