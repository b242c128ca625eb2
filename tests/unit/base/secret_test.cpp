#include "app/base/secret.hpp"

#include <doctest/doctest.h>

#include <ctime>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/base/turn.hpp"

using namespace app::base;
using namespace std::chrono_literals;

namespace {

constexpr PasswordCost cheap{64, 1, 1};
constexpr Timestamp noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + 12h};
const std::string key = "a key of thirty-two bytes, or so it is";

Code code_of(auto&& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.code();
    }
    FAIL("nothing was thrown");
    return Code::internal;
}

}  // namespace

TEST_CASE("random tokens differ and have the asked length") {
    std::set<std::string> tokens;
    for (int count = 0; count < 1000; ++count) tokens.insert(random_token(24));
    CHECK(tokens.size() == 1000);
    for (const std::string& token : tokens) CHECK(base64url_decode(token).value().size() == 24);
    CHECK(random_token(0).empty());
}

TEST_CASE("constant_time_equal compares") {
    CHECK(constant_time_equal("", ""));
    CHECK(constant_time_equal("abc", "abc"));
    CHECK_FALSE(constant_time_equal("abc", "abd"));
    CHECK_FALSE(constant_time_equal("abc", "abcd"));
}

TEST_CASE("sha256_hex gives the vectors of FIPS 180-4") {
    CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("a password verifies against its own hash only") {
    Passwords passwords{cheap};
    const std::string encoded = passwords.hash("correct horse");
    CHECK(encoded.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
    CHECK(passwords.verify("correct horse", encoded));
    CHECK_FALSE(passwords.verify("correct horsf", encoded));
    CHECK_FALSE(passwords.verify("correct hors", encoded));
    CHECK(passwords.hash("correct horse") != encoded);
}

TEST_CASE("a hash names its cost, so that a changed cost leaves it valid") {
    CHECK(Passwords{PasswordCost{128, 2, 1}}.verify("correct horse", Passwords{cheap}.hash("correct horse")));
}

TEST_CASE("a password may hold any bytes, NUL included") {
    Passwords passwords{cheap};
    const std::string encoded = passwords.hash(std::string("pass\0word\xFF", 10));
    CHECK(passwords.verify(std::string("pass\0word\xFF", 10), encoded));
    CHECK_FALSE(passwords.verify(std::string("pass\0wore\xFF", 10), encoded));
}

TEST_CASE("passwords are 8 to 1024 bytes long") {
    Passwords passwords{cheap};
    CHECK(passwords.verify(std::string(8, 'x'), passwords.hash(std::string(8, 'x'))));
    CHECK(passwords.verify(std::string(1024, 'x'), passwords.hash(std::string(1024, 'x'))));
    for (const std::size_t length : {0, 7, 1025}) {
        CHECK(code_of([&] { passwords.hash(std::string(length, 'x')); }) == Code::invalid);
        CHECK_FALSE(passwords.verify(std::string(length, 'x'), "$argon2id$"));
        passwords.verify_nobody(std::string(length, 'x'));
    }
}

TEST_CASE("the refusal of a password does not repeat it") {
    Passwords passwords{cheap};
    try {
        passwords.hash("s3cr3t!");
        FAIL("a short password was taken");
    } catch (const Error& error) {
        CHECK(error.message() == "the password must be 8 to 1024 bytes long");
        CHECK(std::string{error.what()}.find("s3cr3t!") == std::string::npos);
    }
}

TEST_CASE("nothing verifies against what is no argon2id string") {
    Passwords passwords{cheap};
    const std::string good = passwords.hash("correct horse");
    for (const std::string& bad :
         {std::string{}, std::string{"correct horse"}, std::string{"$argon2id$"}, good.substr(0, good.size() - 1), good + "A",
          good + '\0', good + '\0' + "x", "$argon2i" + good.substr(9), good.substr(1)}) {
        CAPTURE(bad);
        CHECK_FALSE(passwords.verify("correct horse", bad));
    }
}

TEST_CASE("an unknown account costs what a known one costs") {
    Passwords passwords{PasswordCost{}};
    const std::string encoded = passwords.hash("correct horse");
    // What this process computes, whatever else the machine does meanwhile.
    const auto cost = [](auto&& action) {
        const std::clock_t begin = std::clock();
        for (int count = 0; count < 3; ++count) action();
        return static_cast<double>(std::clock() - begin);
    };
    const double known = cost([&] { passwords.verify("wrong horse", encoded); });
    const double unknown = cost([&] { passwords.verify_nobody("wrong horse"); });
    const double invalid = cost([&] { passwords.verify("wrong horse", "nonsense"); });
    CHECK(unknown > known / 4);
    CHECK(unknown < known * 4);
    CHECK(invalid > known / 4);
}

TEST_CASE("a cost that argon2 cannot compute is refused at once") {
    for (const PasswordCost cost :
         {PasswordCost{7, 1, 1}, PasswordCost{64, 0, 1}, PasswordCost{64, 1, 0}, PasswordCost{64, 1, 9}}) {
        CHECK(code_of([&] { Passwords{cost}; }) == Code::invalid);
    }
}

TEST_CASE("an event loop's thread hashes no password, it gives its turn up") {
    Passwords passwords{cheap};
    const std::string encoded = passwords.hash("correct horse");
    Turn turn(Turn::Clock::now() + 1h);
    CHECK(code_of([&] { passwords.verify("correct horse", encoded); }) == Code::unavailable);
    CHECK(turn.given_up());
}

TEST_CASE("threads may verify and sign at the same time") {
    Passwords passwords{cheap};
    const Signer signer{key, {}};
    const std::string encoded = passwords.hash("correct horse");
    std::vector<std::thread> threads;
    std::vector<int> verified(8, 0);
    for (int& count : verified) {
        threads.emplace_back([&] {
            for (int round = 0; round < 20; ++round) {
                const std::string token = signer.sign("api", {round, 1, noon});
                count += passwords.verify("correct horse", encoded) && signer.verify("api", token, noon - 1s)->subject == round;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(verified == std::vector<int>(8, 20));
}

TEST_CASE("a token gives back its claims, in whole seconds") {
    const Signer signer{key, {}};
    const std::string token = signer.sign("api", {-5, 1'000'000'000'000, noon + 123ms});
    CHECK(token.size() == 76);
    CHECK(percent_encode(token) == token);
    const auto claims = signer.verify("api", token, noon - 1us);
    REQUIRE(claims.has_value());
    CHECK(claims->subject == -5);
    CHECK(claims->version == 1'000'000'000'000);
    CHECK(claims->expires == noon);
}

TEST_CASE("a token ends at its second") {
    const Signer signer{key, {}};
    const std::string token = signer.sign("api", {1, 1, noon});
    CHECK(signer.verify("api", token, noon - 1us).has_value());
    CHECK_FALSE(signer.verify("api", token, noon).has_value());
    CHECK_FALSE(signer.verify("api", token, noon + 1h).has_value());
}

TEST_CASE("a token is bound to its purpose") {
    const Signer signer{key, {}};
    const std::string token = signer.sign("api", {1, 1, noon});
    for (const char* other : {"", "ap", "apis", "API", "confirm"})
        CHECK_FALSE(signer.verify(other, token, noon - 1s).has_value());
}

TEST_CASE("a changed character anywhere makes a token worthless") {
    const Signer signer{key, {}};
    const std::string token = signer.sign("api", {1, 1, noon});
    for (std::size_t at = 0; at < token.size(); ++at) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string changed = token;
            changed[at] = static_cast<char>(byte);
            if (changed != token) REQUIRE_FALSE(signer.verify("api", changed, noon - 1s).has_value());
        }
    }
}

TEST_CASE("a token cut, longer or of other shape is worthless") {
    const Signer signer{key, {}};
    const std::string token = signer.sign("api", {1, 1, noon});
    for (std::size_t length = 0; length < token.size(); ++length) {
        CHECK_FALSE(signer.verify("api", token.substr(0, length), noon - 1s).has_value());
    }
    for (const std::string& garbage : {token + "=", token + "A", " " + token, token + token, std::string(76, '.'),
                                       std::string(76, '\0'), std::string(100000, 'A')}) {
        CHECK_FALSE(signer.verify("api", garbage, noon - 1s).has_value());
    }
}

TEST_CASE("old keys are read but never sign, and a foreign key is not read") {
    const std::string old_token = Signer{"an old key", {}}.sign("api", {1, 2, noon});
    const Signer signer{key, {"another old key", "an old key"}};
    CHECK(signer.verify("api", old_token, noon - 1s)->version == 2);
    const std::string new_token = signer.sign("api", {1, 2, noon});
    CHECK(new_token == Signer{key, {}}.sign("api", {1, 2, noon}));
    CHECK_FALSE(Signer{"an old key", {}}.verify("api", new_token, noon - 1s).has_value());
}

TEST_CASE("an empty key is refused") {
    CHECK(code_of([] { Signer{"", {}}; }) == Code::invalid);
    CHECK(code_of([] { Signer{"x", {""}}; }) == Code::invalid);
}

TEST_CASE("a claim of any size does not overflow") {
    const Signer signer{key, {}};
    const std::string token = signer.sign("api", {INT64_MIN, INT64_MAX, Timestamp::max()});
    const auto claims = signer.verify("api", token, noon);
    REQUIRE(claims.has_value());
    CHECK(claims->subject == INT64_MIN);
    CHECK(claims->version == INT64_MAX);
}
