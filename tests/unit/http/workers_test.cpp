#include "app/http/workers.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <set>

using app::base::Semaphore;
using app::http::Workers;

namespace {

// Runs a job on the workers and waits until it has run.
void run(Workers& workers, Workers::Job job) {
    Semaphore done;
    Workers::Job whole = [&] {
        job();
        done.post();
    };
    REQUIRE(workers.try_run(whole));
    done.wait();
}

}  // namespace

TEST_CASE("every job is run, however many threads give them") {
    std::atomic<int> ran = 0;
    {
        app::http::Counts counts;
        Workers workers(4, 100'000, counts);
        std::vector<std::thread> givers;
        for (int i = 0; i < 4; ++i) {
            givers.emplace_back([&] {
                for (int j = 0; j < 1000; ++j) run(workers, [&] { ++ran; });
            });
        }
        for (std::thread& giver : givers) giver.join();
    }
    CHECK(ran == 4000);
}

TEST_CASE("as many jobs run at a time as there may be threads") {
    constexpr int threads = 5;
    app::http::Counts counts;
    Workers workers(threads, 100, counts);
    Semaphore entered, release;
    for (int i = 0; i < threads; ++i) {
        Workers::Job job = [&] {
            entered.post();
            release.wait();
        };
        REQUIRE(workers.try_run(job));
    }
    for (int i = 0; i < threads; ++i) entered.wait();  // for ever, if one of them waited for another
    for (int i = 0; i < threads; ++i) release.post();
}

TEST_CASE("jobs that come one after the other need few threads") {
    app::http::Counts counts;
    Workers workers(64, 100, counts);
    std::mutex mutex;
    std::set<std::thread::id> threads;
    for (int i = 0; i < 200; ++i) {
        run(workers, [&] {
            const std::lock_guard lock(mutex);
            threads.insert(std::this_thread::get_id());
        });
    }
    CHECK(threads.size() < 64);
}

TEST_CASE("a full queue refuses a job and leaves it untouched") {
    Semaphore entered, release;
    std::atomic<int> ran = 0;
    app::http::Counts counts;
    Workers workers(1, 1, counts);
    Workers::Job blocking = [&] {
        entered.post();
        release.wait();
    };
    REQUIRE(workers.try_run(blocking));
    entered.wait();
    Workers::Job queued = [&] {
        ++ran;
        entered.post();
    };
    REQUIRE(workers.try_run(queued));
    Workers::Job refused = [&] { ran += 100; };
    CHECK_FALSE(workers.try_run(refused));
    CHECK(refused != nullptr);
    release.post();
    entered.wait();
    CHECK(ran == 1);
}

TEST_CASE("stopping drops what is queued, waits for what runs and refuses what comes") {
    Semaphore entered, release;
    std::atomic<int> ran = 0;
    app::http::Counts counts;
    Workers workers(1, 10, counts);
    Workers::Job running = [&] {
        entered.post();
        release.wait();
        ++ran;
    };
    REQUIRE(workers.try_run(running));
    entered.wait();
    auto kept = std::make_shared<int>();
    const std::weak_ptr<int> dropped = kept;
    Workers::Job queued = [&ran, kept = std::move(kept)] { ran += 100; };
    REQUIRE(workers.try_run(queued));
    queued = nullptr;
    std::thread stopper([&] { workers.stop(); });
    while (!dropped.expired()) std::this_thread::yield();
    Workers::Job late = [&] { ran += 1000; };
    CHECK_FALSE(workers.try_run(late));
    release.post();
    stopper.join();
    CHECK(ran == 1);
}
