#include "app/throttle/guesses.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <thread>
#include <vector>

#include "app/base/error.hpp"

using namespace app::throttle;
using namespace std::chrono_literals;
using app::base::Code;
using app::base::Error;
using std::chrono::seconds;

namespace {

const Time start = Time{} + 1000h;
const Key here{0, 1}, there{0, 2};
constexpr const char* ann = "ann@example.com";

// The pause that an attempt at `now` is refused with; 0: it is let in, and turns out wrong.
seconds guess(Guesses& guesses, Time now, const Key& address = here, std::string_view name = ann) {
    try {
        Guesses::Attempt(guesses, address, name, now).was_wrong(now);
        return 0s;
    } catch (const Error& error) {
        REQUIRE(error.code() == Code::too_many);
        return error.retry_after();
    }
}

// Whether somebody who knows the password gets in.
bool log_in(Guesses& guesses, Time now, const Key& address = here, std::string_view name = ann) {
    try {
        Guesses::Attempt(guesses, address, name, now).was_right();
        return true;
    } catch (const Error&) {
        return false;
    }
}

void guess_until_paused(Guesses& guesses, Time now, const Key& address = here, std::string_view name = ann) {
    for (int i = 0; i < 1000; ++i) {
        if (guess(guesses, now, address, name) > 0s) return;
    }
    FAIL("there was never a pause");
}

}  // namespace

TEST_CASE("the first wrong passwords cost nothing, then the pauses double up to the longest") {
    Guesses guesses({.account_free = 3, .address_free = 1000, .pause_max = 60s});
    Time now = start;
    for (int i = 0; i < 3; ++i) CHECK(guess(guesses, now) == 0s);
    // after a minute the first is forgotten, hence 32 twice
    for (const seconds pause : {1s, 2s, 4s, 8s, 16s, 32s, 32s, 60s, 60s, 60s}) {
        CHECK(guess(guesses, now) == 0s);
        CHECK(guess(guesses, now) == pause);
        CHECK(guess(guesses, now + pause - 1ms) == 1s);
        now += pause;
    }
}

TEST_CASE("attempts in a pause do not make it longer") {
    Guesses guesses({.account_free = 1});
    guess_until_paused(guesses, start);
    for (int i = 0; i < 1000; ++i) CHECK(guess(guesses, start + 500ms) == 1s);
    CHECK(log_in(guesses, start + 1s));
}

TEST_CASE("in the long run one guess in each longest pause is checked") {
    Guesses guesses({.account_free = 5, .address_free = 1000, .pause_max = 60s});
    int checked = 0;
    for (Time now = start; now < start + 24h; now += 5s) checked += guess(guesses, now) == 0s ? 1 : 0;
    CHECK(checked >= 24 * 60);
    CHECK(checked <= 24 * 60 + 20);
}

TEST_CASE("the owner comes in from another address at any time") {
    Guesses guesses({});
    for (Time now = start; now < start + 1h; now += 1s) {
        guess(guesses, now);
        CHECK(log_in(guesses, now, there));
    }
}

TEST_CASE("the owner comes in from the guesser's address after the pause, and clears what is held against them") {
    Guesses guesses({.account_free = 2, .address_free = 1000});
    guess_until_paused(guesses, start);
    CHECK_FALSE(log_in(guesses, start));
    CHECK(log_in(guesses, start + 60s));
    CHECK(guess(guesses, start + 60s) == 0s);
    CHECK(guess(guesses, start + 60s) == 0s);
}

TEST_CASE("wrong passwords are forgotten one after the other") {
    Guesses guesses({.account_free = 3, .address_free = 1000, .pause_max = 10s});
    for (int i = 0; i < 3; ++i) guess(guesses, start);
    CHECK(guess(guesses, start + 20s) == 0s);  // two of three are forgotten
    CHECK(guess(guesses, start + 20s) == 0s);
    CHECK(guess(guesses, start + 20s) == 0s);  // the fourth: a pause begins
    CHECK(guess(guesses, start + 20s) == 1s);
    for (int i = 0; i < 3; ++i) CHECK(guess(guesses, start + 1000s) == 0s);
}

TEST_CASE("an address that tries one account after the other is slowed too, and a right password does not clear it") {
    Guesses guesses({.account_free = 5, .address_free = 10});
    for (int i = 0; i < 11; ++i) CHECK(guess(guesses, start, here, "user" + std::to_string(i)) == 0s);
    CHECK(guess(guesses, start, here, "user99") == 1s);
    CHECK_FALSE(log_in(guesses, start, here, "mallory"));
    CHECK(log_in(guesses, start + 1s, here, "mallory"));
    CHECK(guess(guesses, start + 1s, here, "user99") == 0s);
    CHECK(guess(guesses, start + 1s, here, "user100") == 2s);
    CHECK(log_in(guesses, start + 1s, there, "user1"));
}

TEST_CASE("once there was a pause, one attempt at a time is checked") {
    Guesses guesses({.account_free = 1, .address_free = 1000});
    guess_until_paused(guesses, start);
    Guesses::Attempt first(guesses, here, ann, start + 10s);
    CHECK_THROWS_AS(Guesses::Attempt(guesses, here, ann, start + 10s), Error);
    first.was_wrong(start + 11s);
    CHECK(guess(guesses, start + 11s) == 1s);
    CHECK(log_in(guesses, start + 12s));
}

TEST_CASE("many right passwords at a time are let in") {
    Guesses guesses({.account_free = 2, .address_free = 2});
    std::deque<Guesses::Attempt> attempts;
    for (int i = 0; i < 50; ++i) attempts.emplace_back(guesses, here, ann, start);
    for (Guesses::Attempt& attempt : attempts) attempt.was_right();
    CHECK(log_in(guesses, start));
}

TEST_CASE("an attempt whose check failed for other reasons had never been") {
    Guesses guesses({.account_free = 1, .address_free = 1000});
    guess_until_paused(guesses, start);
    {
        const Guesses::Attempt attempt(guesses, here, ann, start + 10s);
    }
    CHECK(log_in(guesses, start + 10s));
}

TEST_CASE("a pause of the address counts nothing against the account") {
    Guesses guesses({.account_free = 1, .address_free = 3, .pause_max = 60s});
    for (int i = 0; i < 4; ++i) guess(guesses, start, here, "user" + std::to_string(i));
    guess(guesses, start, there, "x");
    for (int i = 0; i < 100; ++i) CHECK(guess(guesses, start, here, "user1") == 1s);
    CHECK(guess(guesses, start + 1s, here, "user1") == 0s);
    CHECK(guess(guesses, start + 1s, there, "user1") == 0s);
}

TEST_CASE("a flood of names and addresses does not clear what is held against one") {
    Guesses guesses({.account_free = 3, .address_free = 3, .pause_max = 60s, .entries = 256});
    Time now = start;
    for (int i = 0; i < 20; ++i) now += guess(guesses, now);
    guess(guesses, now);
    const seconds pause = guess(guesses, now);
    REQUIRE(pause > 10s);
    for (std::uint64_t i = 0; i < 10'000; ++i) guess(guesses, now, {i, 7}, "user" + std::to_string(i));
    CHECK(guess(guesses, now) == pause);
}

TEST_CASE("threads may guess and come in at the same time") {
    Guesses guesses({.account_free = 5, .address_free = 30, .entries = 64});
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&guesses, i] {
            for (int j = 0; j < 500; ++j) {
                const Key address{0, static_cast<std::uint64_t>(j % 3)};
                const std::string name = "user" + std::to_string(j % 5);
                const Time now = start + seconds(j);
                if (i % 2 == 0) {
                    log_in(guesses, now, address, name);
                } else {
                    guess(guesses, now, address, name);
                }
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(log_in(guesses, start + 10h));
}
