#include "app/models/names.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace app::models;

TEST_CASE("an e-mail address is compared without blanks around it and in lower case") {
    CHECK(canonical_email(" \tAnn.Lee@Example.COM\r\n") == "ann.lee@example.com");
    CHECK(canonical_email("\xc3\x89@x.org") == "\xc3\x89@x.org");  // ASCII only: É stays
}

TEST_CASE("an e-mail address has one @, a local part and a domain of labels") {
    for (const char* good : {"a@b", "ann.lee+tag@example.com", "a@b-c.example", "1@1.1", "jos\xc3\xa9@ex\xc3\xa4mple.org"}) {
        CAPTURE(good);
        CHECK(is_email(good));
    }
    for (const char* bad : {"",        "a",      "@",       "a@",     "@b",          "a@@b",        "a@b@c",       "a b@c",
                            "a@b c",   "a@.b",   "a@b.",    "a@b..c", "a@-b",        "a@b-",        "a@b_c",       "a@b\n",
                            "a\x7f@b", "a<b>@c", "\"a\"@b", "a,b@c",  "a@[1.2.3.4]", "a\xc2\xa0@b", "a\xc2\x85@b", "\xff@b"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_email(bad));
    }
    CHECK_FALSE(is_email(std::string_view{"a\0@b", 4}));
}

TEST_CASE("the parts of an e-mail address are bounded") {
    const std::string domain(59, 'd');
    CHECK(is_email(std::string(64, 'l') + "@x.org"));
    CHECK_FALSE(is_email(std::string(65, 'l') + "@x.org"));
    CHECK(is_email("a@" + std::string(63, 'd')));
    CHECK_FALSE(is_email("a@" + std::string(64, 'd')));
    const std::string long_domain = domain + "." + domain + "." + domain + "." + domain + "." + std::string(12, 'e');  // 252
    CHECK(is_email("a@" + long_domain));                                                                               // 254
    CHECK_FALSE(is_email("ab@" + long_domain));
}

TEST_CASE("a username is a letter and then letters, digits, dots and underscores") {
    for (const char* good : {"a", "Ann", "ann.lee_2", "Z9"}) CHECK(is_username(good));
    for (const char* bad : {"", "1a", "_a", ".a", "a b", "a-b", "a@b", "\xc3\xa9", "a\n"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_username(bad));
    }
    CHECK(is_username(std::string(64, 'a')));
    CHECK_FALSE(is_username(std::string(65, 'a')));
    CHECK(username_key("Ann.LEE") == "ann.lee");
}
