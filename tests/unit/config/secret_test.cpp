#include "config/secret.hpp"

#include "tests/unit/config/fixture.hpp"

using namespace config;

namespace {

constexpr std::string_view strong = "q8Zr2Lw0Xy7Tn5Vb3Kd9Jf1Hs6Gp4Mc_";
constexpr std::string_view other = "0Pz_9Ox8Iu7Yv6Tc5Rb4En3Wm2QaLksd";

Config production(std::string_view key, std::vector<std::string> old_keys = {}) {
    Config config;
    config.name = "production";
    config.secret = {std::string(key), std::move(old_keys)};
    return config;
}

std::string refusal(const Config& config) {
    return message_of([&] { require_secret(config); });
}

}  // namespace

TEST_CASE("a key of 32 bytes and 12 different characters is strong") {
    CHECK_FALSE(weakness(strong));
    CHECK_FALSE(weakness("abcdefghijklabcdefghijklabcdefgh"));
}

TEST_CASE("a key of 31 bytes is weak") { CHECK(weakness(strong.substr(1)) == "is shorter than 32 bytes"); }

TEST_CASE("a key of 11 different characters is weak") {
    CHECK(weakness("abcdefghijkabcdefghijkabcdefghijkabcdefghijk") == "has fewer than 12 different characters");
}

TEST_CASE("a key from a tutorial is weak, however it is written") {
    for (const std::string_view key : {std::string_view("hard to guess string"), std::string_view("CHANGEME"),
                                       std::string_view(" secret "), development_key}) {
        CAPTURE(key);
        CHECK(weakness(key) == "is a default that everybody knows");
    }
}

TEST_CASE("production needs a key, and is told how to make one") {
    CHECK(refusal(production("")) ==
          "config production: SECRET_KEY is not set; make a key with `manage secret-key` and set it in the environment");
}

TEST_CASE("production refuses a weak key without showing it") {
    const std::string message = refusal(production("hunter2hunter2"));
    CHECK(contains(message, "SECRET_KEY is weak: it is shorter than 32 bytes"));
    CHECK_FALSE(contains(message, "hunter2"));
}

TEST_CASE("production refuses the development key") {
    CHECK(contains(refusal(production(development_key)), "a default that everybody knows"));
}

TEST_CASE("production refuses a weak old key by its number") {
    const std::string message = refusal(production(strong, {std::string(other), "hunter2"}));
    CHECK(contains(message, "SECRET_KEY_OLD is weak: key 2 of it is shorter than 32 bytes"));
    CHECK_FALSE(contains(message, "hunter2"));
}

TEST_CASE("production takes strong keys") { CHECK_NOTHROW(require_secret(production(strong, {std::string(other)}))); }

TEST_CASE("debug and testing configs may have a weak key, but must have one") {
    Config config = production("dev");
    config.debug = true;
    CHECK_NOTHROW(require_secret(config));
    config.secret.key.clear();
    CHECK(contains(refusal(config), "SECRET_KEY is not set"));
    config = production("dev");
    config.testing = true;
    CHECK_NOTHROW(require_secret(config));
}

TEST_CASE("development and testing bring a key of their own, production does not") {
    CHECK(load_with("development", {}).config.secret.key == development_key);
    CHECK(load_with("testing", {}).config.secret.key == development_key);
    CHECK(load_with("production", {}).config.secret.key == "");
    CHECK_NOTHROW(require_secret(load_with("development", {}).config));
}

TEST_CASE("debug from the environment does not bring the development key into production") {
    const Config config = load_with("production", {{"APP_DEBUG", "on"}}).config;
    CHECK(config.debug);
    CHECK(config.secret.key == "");
}

TEST_CASE("the password of a URL is masked, and nothing else") {
    CHECK(masked_url("mysql://me:hunter2@host:3306/name?tls=on") == "mysql://me:***@host:3306/name?tls=on");
    CHECK(masked_url("mysql://me:hun@ter/2@host/name") == "mysql://me:***@host/name");
    CHECK(masked_url("mysql://:hunter2@host/name") == "mysql://:***@host/name");
    CHECK(masked_url("mysql://me@host:3306/name") == "mysql://me@host:3306/name");
    CHECK(masked_url("mysql://me:@host/name") == "mysql://me:@host/name");
    CHECK(masked_url("sqlite:////srv/a:b@c.sqlite") == "sqlite:////srv/a:b@c.sqlite");
    CHECK(masked_url("sqlite:temporary") == "sqlite:temporary");
    CHECK(masked_url("") == "");
}
