#include "app/web/cookie.hpp"

#include <doctest/doctest.h>

#include <string>

using app::web::Cookie;
using app::web::parse_cookies;

TEST_CASE("cookies are read in their order, without the quotes around a value") {
    CHECK(parse_cookies("session=abc.d-e_f==; theme=\"dark\";x=; X=\"\"") ==
          std::vector<Cookie>{{"session", "abc.d-e_f=="}, {"theme", "dark"}, {"x", ""}, {"X", ""}});
    CHECK(parse_cookies("").empty());
}

TEST_CASE("a malformed cookie is passed over and hurts no other") {
    for (const char* malformed : {"a", "=b", "a b=c", "a=b c", "a=\"b", "a=b\"", "a=b,c", "a=\\", "\xC3\xA4=b", "a=\xC3\xA4",
                                  "a=\x7F", "a =b", "a= b", "{a}=b", ""})
        CHECK(parse_cookies(std::string{malformed} + "; session=1") == std::vector<Cookie>{{"session", "1"}});
}

TEST_CASE("no more than a hundred cookies are read") {
    std::string header;
    for (int cookie = 0; cookie < 150; ++cookie) header += "a=1; ";
    CHECK(parse_cookies(header).size() == 100);
}

TEST_CASE("the first cookie of a name is found, and its case counts") {
    app::web::Request request;
    CHECK(find_cookie(request, "a") == std::nullopt);
    request.headers.push_back({"cookie", "b=0; a=1; a=2"});
    CHECK(find_cookie(request, "a") == "1");
    CHECK(find_cookie(request, "A") == std::nullopt);
}
