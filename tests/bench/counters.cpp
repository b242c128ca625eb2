// What counting costs: bench_counters, nanoseconds of a processor's time for a call, by one thread and by as many as there are cores. A
// request is counted once by its route and once by the clock's two readings, which the log wants anyway; a read of the database once.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <thread>
#include <vector>

#include "app/metrics/requests.hpp"

namespace {

using namespace app;
using Clock = std::chrono::steady_clock;

constexpr int calls = 10'000'000;

// `call(i)` by each of so many threads, `calls` times.
template <class Call>
void measure(const char* what, unsigned thread_count, Call call) {
    const std::clock_t started = std::clock();  // of all threads together
    std::vector<std::thread> threads;
    for (unsigned thread = 0; thread < thread_count; ++thread) {
        threads.emplace_back([&] {
            for (int i = 0; i < calls; ++i) call(i);
        });
    }
    for (std::thread& thread : threads) thread.join();
    const double took_s = static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC;
    std::printf("%-44s %2u threads %6.1f ns a call\n", what, thread_count, took_s * 1e9 / calls / thread_count);
}

}  // namespace

int main() {
    std::vector<metrics::Endpoint> endpoints;
    for (int i = 0; i < 80; ++i) endpoints.push_back({"blueprint.route_" + std::to_string(i), {"GET", "HEAD"}});
    metrics::Requests requests(std::move(endpoints));
    base::Counter counter;
    base::Histogram histogram(base::duration_bounds_ns);
    std::atomic<std::uint64_t> shared{0};
    for (const unsigned threads : {1U, std::max(2U, std::thread::hardware_concurrency())}) {
        measure("the clock", threads,
                [](int) { [[maybe_unused]] const volatile auto now = Clock::now().time_since_epoch().count(); });
        measure("one number that all threads add to", threads, [&](int) { shared.fetch_add(1, std::memory_order_relaxed); });
        measure("a counter", threads, [&](int) { counter.add(); });
        measure("a histogram", threads, [&](int i) { histogram.observe(static_cast<std::uint64_t>(i) * 13 % 200'000); });
        measure("a stopwatch: the clock twice, a histogram", threads, [&](int) { const base::Stopwatch watch(histogram); });
        measure("a request, of 160 rows", threads, [&](int i) {
            requests.count(static_cast<std::size_t>(i % 80), 0, i % 9 == 0 ? 404 : 200,
                           std::chrono::nanoseconds(i * 13LL % 200'000));
        });
    }
    if (counter.value() == 0 || shared == 0) std::puts("nothing was counted");
}
