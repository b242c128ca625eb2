#include "app/db/url.hpp"

#include "tests/unit/db/support.hpp"

using app::base::Code;
using app::db::Backend;
using app::db::parse_url;

TEST_CASE("Three slashes begin a relative path and four an absolute one") {
    CHECK(parse_url("sqlite:///data/dewar.sqlite").path == "data/dewar.sqlite");
    CHECK(parse_url("sqlite:////var/lib/dewar.sqlite").path == "/var/lib/dewar.sqlite");
    CHECK(parse_url("sqlite:////var/lib/dewar.sqlite").backend == Backend::sqlite);
    CHECK_FALSE(parse_url("sqlite:///data/dewar.sqlite").temporary);
}

TEST_CASE("sqlite:temporary asks for a temporary file") {
    CHECK(parse_url("sqlite:temporary").temporary);
    CHECK_FALSE(parse_url("sqlite:///temporary").temporary);
}

TEST_CASE("A path is percent-decoded") {
    CHECK(parse_url("sqlite:///a%20b%3Fc%23d%25/\xC3\xA9.db").path == "a b?c#d%/\xC3\xA9.db");
}

TEST_CASE("A URL that names no file is refused with the reason") {
    for (const char* url : {"", "dewar.sqlite", "sqlite:", "sqlite://", "sqlite:///", "sqlite:dewar.sqlite", "sqlite://host/path",
                            "sqlite:///a?b=c", "sqlite:///a#b", "sqlite:///a%2", "sqlite:///a%zz", "sqlite:///a%00b",
                            "postgresql://user:secret@host/name", "user:secret@host"}) {
        CAPTURE(url);
        const auto error = test::error_of([&] { parse_url(url); });
        REQUIRE(error);
        CHECK(error->code() == Code::invalid);
        CHECK(test::contains(error->message(), "DATABASE_URL"));
        CHECK_FALSE(test::contains(error->message() + error->detail(), "secret"));
    }
}

TEST_CASE("A memory database is refused because its connections would share nothing") {
    for (const char* url : {":memory:", "sqlite:///:memory:", "sqlite://", "sqlite::memory:"}) {
        CAPTURE(url);
        const auto error = test::error_of([&] { parse_url(url); });
        REQUIRE(error);
        CHECK(error->code() == Code::invalid);
        CHECK(test::contains(error->message(), "would share nothing"));
        CHECK(test::contains(error->message(), "sqlite:temporary"));
    }
}

TEST_CASE("MySQL is known but says that it is not built in, without the password") {
    CHECK(parse_url("mysql://dewar:hunter2@h1:3306,h2:3306/name?tls=verify").backend == Backend::mysql);
    app::db::Options options;
    options.url = "mysql://dewar:hunter2@h1:3306,h2:3306/name?tls=verify";
    const auto error = test::error_of([&] { app::db::open(options); });
    REQUIRE(error);
    CHECK(error->code() == Code::invalid);
    CHECK(test::contains(error->message(), "MySQL is not built into this version"));
    CHECK_FALSE(test::contains(error->message() + error->detail(), "hunter2"));
}
