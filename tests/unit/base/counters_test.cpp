#include "app/base/counters.hpp"

#include <doctest/doctest.h>

#include <thread>

using namespace app::base;

TEST_CASE("what many threads count is there when they are done, and the sum never goes back meanwhile") {
    constexpr int threads = 20, times = 5000;  // more threads than stripes
    Counter counter;
    StripedCells cells(20);
    Histogram histogram(duration_bounds_ns);
    std::atomic<bool> done = false;
    std::thread reader([&] {
        std::uint64_t last = 0;
        while (!done) {
            const std::uint64_t value = counter.value();
            REQUIRE(value >= last);
            last = value;
            static_cast<void>(histogram.read());
        }
    });
    std::vector<std::thread> counting;
    for (std::size_t thread = 0; thread < threads; ++thread) {
        counting.emplace_back([&, thread] {
            for (int i = 0; i < times; ++i) {
                counter.add();
                cells.add(thread, 2);
                histogram.observe(75'000);
            }
        });
    }
    for (std::thread& thread : counting) thread.join();
    done = true;
    reader.join();
    CHECK(counter.value() == threads * times);
    for (std::size_t i = 0; i < threads; ++i) CHECK(cells.sum(i) == 2 * times);
    CHECK(histogram.read().counts[1] == threads * times);
    CHECK(histogram.read().count() == threads * times);
    CHECK(histogram.read().sum == std::uint64_t{threads} * times * 75'000);
}

TEST_CASE("a value belongs to the first bound that is not below it") {
    constexpr std::array<std::uint64_t, 3> bounds{1, 10, 100};
    Histogram histogram(bounds);
    for (const std::uint64_t value : {0, 1, 2, 10, 11, 100, 101, 1'000'000}) histogram.observe(value);
    const HistogramReading reading = histogram.read();
    CHECK(reading.counts == std::vector<std::uint64_t>{2, 2, 2, 2});
    CHECK(reading.sum == 1'000'225);
    CHECK(reading.count() == 8);
}

TEST_CASE("a stopwatch tells once, when it goes") {
    Histogram histogram(duration_bounds_ns);
    {
        const Stopwatch watch(histogram);
        CHECK(histogram.read().count() == 0);
    }
    CHECK(histogram.read().count() == 1);
    CHECK(histogram.read().sum > 0);
}
