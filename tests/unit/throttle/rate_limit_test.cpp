#include "app/throttle/rate_limit.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

using namespace app::throttle;
using namespace std::chrono_literals;

namespace {

const Time start = Time{} + 1000h;
const Key ann{0, 1}, bob{0, 2};

// How many of `count` requests at `now` are allowed.
int allowed(RateLimit& limit, const Key& key, Time now, int count) {
    int sum = 0;
    for (int i = 0; i < count; ++i) sum += limit.take(key, now).allowed ? 1 : 0;
    return sum;
}

}  // namespace

TEST_CASE("as many requests as there are tokens are allowed at once, each telling what is left") {
    RateLimit limit(3, 60s, 64);
    for (const int left : {2, 1, 0}) {
        const Quota quota = limit.take(ann, start);
        CHECK(quota.allowed);
        CHECK(quota.remaining == left);
        CHECK(quota.more_in == 20s);
    }
    const Quota refused = limit.take(ann, start + 5s);
    CHECK_FALSE(refused.allowed);
    CHECK(refused.remaining == 0);
    CHECK(refused.more_in == 15s);
}

TEST_CASE("tokens come back evenly, and no more than there were") {
    RateLimit limit(6, 60s, 64);
    CHECK(allowed(limit, ann, start, 10) == 6);
    CHECK(allowed(limit, ann, start + 9999ms, 10) == 0);
    CHECK(allowed(limit, ann, start + 10s, 10) == 1);
    CHECK(allowed(limit, ann, start + 40s, 10) == 3);
    CHECK(allowed(limit, ann, start + 10000s, 10) == 6);
}

TEST_CASE("a part of a second until the next token is told as a second") {
    RateLimit limit(1200, 60s, 64);
    CHECK(limit.take(ann, start).more_in == 1s);
}

TEST_CASE("a refused request takes nothing, however often it is sent") {
    RateLimit limit(2, 60s, 64);
    CHECK(allowed(limit, ann, start, 1000) == 2);
    CHECK(allowed(limit, ann, start + 30s, 1000) == 1);
}

TEST_CASE("each key has a bucket of its own") {
    RateLimit limit(2, 60s, 64);
    CHECK(allowed(limit, ann, start, 5) == 2);
    CHECK(allowed(limit, bob, start, 5) == 2);
}

TEST_CASE("a token that is given back may be taken again, and a full bucket grows no fuller") {
    RateLimit limit(2, 60s, 64);
    CHECK(allowed(limit, ann, start, 2) == 2);
    limit.give_back(ann);
    CHECK(allowed(limit, ann, start, 5) == 1);
    limit.give_back(bob);
    CHECK(allowed(limit, bob, start, 5) == 2);
    limit.give_back(bob);
    CHECK(allowed(limit, bob, start + 10000s, 5) == 2);
}

TEST_CASE("a flood of new keys does not refill a bucket that has been emptied") {
    RateLimit limit(100, 60s, 256);
    CHECK(allowed(limit, ann, start, 100) == 100);
    for (std::uint64_t i = 1000; i < 101'000; ++i) limit.take({i, i}, start);
    CHECK(allowed(limit, ann, start, 10) == 0);
}

TEST_CASE("keys beyond the table's room are served as new ones") {
    RateLimit limit(1, 60s, 64);
    int sum = 0;
    for (std::uint64_t i = 1; i <= 10'000; ++i) sum += limit.take({i, 0}, start).allowed ? 1 : 0;
    CHECK(sum == 10'000);
}

TEST_CASE("threads together get no more than there is") {
    RateLimit limit(1000, 3600s, 1024);
    CHECK(allowed(limit, ann, start, 10) == 10);  // emptier than all the others: its set may be full
    std::atomic<int> sum = 10;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            for (std::uint64_t j = 0; j < 2000; ++j) {
                sum += limit.take(ann, start).allowed ? 1 : 0;
                limit.take({j + 1, static_cast<std::uint64_t>(i)}, start);
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(sum == 1000);
}

TEST_CASE("the header fields name the policy and what is left of it") {
    RateLimit limit(1200, 60s, 64);
    std::string policies, quotas;
    append_policy(policies, "address", limit);
    append_quota(quotas, "address", limit.take(ann, start));
    append_quota(quotas, "account", {true, 7, 2s});
    CHECK(policies == R"("address";q=1200;w=60)");
    CHECK(quotas == R"("address";r=1199;t=1, "account";r=7;t=2)");
}
