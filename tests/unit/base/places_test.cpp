#include "app/base/places.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

using app::base::Places;
using namespace std::chrono_literals;

TEST_CASE("no more get in than there are places, and who leaves lets another in") {
    Places places(2, 0, 1ms);
    CHECK(places.try_enter());
    CHECK(places.try_enter());
    CHECK_FALSE(places.try_enter());
    places.leave();
    CHECK(places.try_enter());
}

TEST_CASE("who has waited too long is sent away, and the place is not lost") {
    Places places(1, 10, 1ms);
    CHECK(places.try_enter());
    CHECK_FALSE(places.try_enter());
    places.leave();
    CHECK(places.try_enter());
}

TEST_CASE("so many wait and get their turn, the others are sent away at once") {
    constexpr int waiting_max = 3, extra = 5;
    Places places(1, waiting_max, 1h);
    REQUIRE(places.try_enter());
    std::atomic<int> served = 0, refused = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < waiting_max + extra; ++i) {
        threads.emplace_back([&] {
            if (!places.try_enter()) {
                ++refused;
                return;
            }
            ++served;
            places.leave();
        });
    }
    while (refused < extra) std::this_thread::yield();
    CHECK(served == 0);
    places.leave();
    for (std::thread& thread : threads) thread.join();
    CHECK(served == waiting_max);
    CHECK(refused == extra);
}

TEST_CASE("there are never more inside than places, however many come and go") {
    Places places(3, 1000, 1h);
    std::atomic<int> inside = 0, most = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            for (int j = 0; j < 200; ++j) {
                REQUIRE(places.try_enter());
                const int now = ++inside;
                for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
                }
                --inside;
                places.leave();
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(most <= 3);
    CHECK(most >= 1);
}
