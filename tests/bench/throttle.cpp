// What the limits cost a request: bench_throttle, nanoseconds of a processor's time for a call, by one thread and by as many as there
// are cores, for keys that are there, for one that all want, and for keys that are ever new. One table: what app/api/quotas does
// for a request is an address read from text, and one call for it and one for the account.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>
#include <thread>
#include <vector>

#include "app/throttle/guesses.hpp"
#include "app/throttle/rate_limit.hpp"

namespace {

using namespace app::throttle;
using Clock = std::chrono::steady_clock;

constexpr int calls = 4'000'000;

// `call(i)` by each of so many threads, `calls` times.
template <class Call>
void measure(const char* what, unsigned thread_count, Call call) {
    const std::clock_t started = std::clock();  // of all threads together
    std::vector<std::thread> threads;
    for (unsigned thread = 0; thread < thread_count; ++thread) {
        threads.emplace_back([&, thread] {
            for (std::uint64_t i = 0; i < calls; ++i) call(i * 64 + thread);
        });
    }
    for (std::thread& thread : threads) thread.join();
    const double took_s = static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC;
    std::printf("%-44s %2u threads %6.0f ns a call\n", what, thread_count, took_s * 1e9 / calls / thread_count);
}

}  // namespace

int main() {
    constexpr std::size_t entries = 65536;
    const std::vector<std::string> addresses{"192.0.2.17", "2001:db8:85a3::8a2e:370:7334"};
    for (const unsigned threads : {1U, std::max(2U, std::thread::hardware_concurrency())}) {
        RateLimit limit(1200, std::chrono::seconds(60), entries);
        measure("the clock", threads,
                [](std::uint64_t) { [[maybe_unused]] const volatile auto now = Clock::now().time_since_epoch().count(); });
        measure("an address from text", threads, [&](std::uint64_t i) {
            [[maybe_unused]] const volatile bool is = address_key(addresses[i / 64 % 2]).has_value();
        });
        measure("a token, 10,000 keys", threads, [&](std::uint64_t i) { limit.take({i % 10'000, 1}, Clock::now()); });
        measure("a token, one key", threads, [&](std::uint64_t) { limit.take({1, 2}, Clock::now()); });
        measure("a token, ever new keys", threads, [&](std::uint64_t i) { limit.take({i, 3}, Clock::now()); });
        measure("an address from text, two tokens", threads, [&](std::uint64_t i) {
            const auto now = Clock::now();
            limit.take(*address_key(addresses[i / 64 % 2]), now);
            limit.take(account_key(static_cast<std::int64_t>(i % 10'000)), now);
        });
    }
}
