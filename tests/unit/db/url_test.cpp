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
        const auto error = tests::error_of([&] { parse_url(url); });
        REQUIRE(error);
        CHECK(error->code() == Code::invalid);
        CHECK(tests::contains(error->message(), "DATABASE_URL"));
        CHECK_FALSE(tests::contains(error->message() + error->detail(), "secret"));
    }
}

TEST_CASE("A memory database is refused because its connections would share nothing") {
    for (const char* url : {":memory:", "sqlite:///:memory:", "sqlite://", "sqlite::memory:"}) {
        CAPTURE(url);
        const auto error = tests::error_of([&] { parse_url(url); });
        REQUIRE(error);
        CHECK(error->code() == Code::invalid);
        CHECK(tests::contains(error->message(), "would share nothing"));
        CHECK(tests::contains(error->message(), "sqlite:temporary"));
    }
}

TEST_CASE("A MySQL URL names the account, the hosts, the database and the options") {
    const auto url = parse_url("mysql://dewar:hunter2@h1:3307,h2,[::1]:3308/blog?tls=verify&tls_ca=/etc/ca%20file.pem");
    CHECK(url.backend == Backend::mysql);
    CHECK(url.user == "dewar");
    CHECK(url.password == "hunter2");
    REQUIRE(url.hosts.size() == 3);
    CHECK(url.hosts[0].name == "h1");
    CHECK(url.hosts[0].port == 3307);
    CHECK(url.hosts[1].name == "h2");
    CHECK(url.hosts[1].port == 3306);
    CHECK(url.hosts[2].name == "::1");
    CHECK(url.hosts[2].port == 3308);
    CHECK(url.name == "blog");
    CHECK(url.tls == app::db::Tls::verify);
    CHECK(url.tls_ca == "/etc/ca file.pem");
}

TEST_CASE("A MySQL URL's account is percent-decoded, and only its last @ ends it") {
    const auto url = parse_url("mysql://d%40war:p%3Aw%2F%3f@d:@host/name");
    CHECK(url.user == "d@war");
    CHECK(url.password == "p:w/?@d:");
    CHECK(url.hosts[0].name == "host");
    CHECK(url.tls == app::db::Tls::off);
}

TEST_CASE("A MySQL URL may name a Unix socket instead of a host") {
    const auto url = parse_url("mysql://dewar@/blog?socket=/run/mysqld/mysqld.sock");
    CHECK(url.socket == "/run/mysqld/mysqld.sock");
    CHECK(url.password.empty());
    CHECK(parse_url("mysql://dewar@localhost/blog?socket=/s").socket == "/s");
}

TEST_CASE("A MySQL URL that is wrong is refused with what is right and without the password") {
    const std::pair<const char*, const char*> wrong[] = {
        {"mysql://dewar:hunter2@host", "names no database"},
        {"mysql://dewar:hunter2@host/", "names no database"},
        {"mysql://dewar:hunter2@host/a%2Fb", "does not take"},
        {"mysql://host/name", "names no user"},
        {"mysql://:hunter2@host/name", "names no user"},
        {"mysql://dewar:hunter2@/name", "empty host"},
        {"mysql://dewar:hunter2@h1,,h2/name", "empty host"},
        {"mysql://dewar:hunter2@h1:/name", "no port"},
        {"mysql://dewar:hunter2@h1:70000/name", "no port"},
        {"mysql://dewar:hunter2@[::1/name", "[ without ]"},
        {"mysql://dewar:hunter2%zz@host/name", "in its password"},
        {"mysql://dewar:hunter2#@host/name", "write %23"},
        {"mysql://dewar:hunter2@host/name?tls=yes", "off, on or verify"},
        {"mysql://dewar:hunter2@host/name?tls_ca=", "no file after tls_ca="},
        {"mysql://dewar:hunter2@host/name?charset=utf8", "known are tls, tls_ca and socket"},
        {"mysql://dewar:hunter2@h1,h2/name?socket=/s", "choose"},
    };
    for (const auto& [url, reason] : wrong) {
        CAPTURE(url);
        const auto error = tests::error_of([&] { parse_url(url); });
        REQUIRE(error);
        CHECK(error->code() == Code::invalid);
        CHECK(tests::contains(error->message(), reason));
        CHECK_FALSE(tests::contains(error->message() + error->detail(), "hunter2"));
    }
}
