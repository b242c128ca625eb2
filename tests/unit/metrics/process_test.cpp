#include "app/metrics/process.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "tests/support/exposition.hpp"

namespace {

tests::Exposition process() {
    app::metrics::Exposition out;
    app::metrics::write_process(out);
    return tests::Exposition(out.text());
}

}  // namespace

TEST_CASE("descriptors and threads are counted as they come and go") {
    const double descriptors = process().value("process_open_fds"), threads = process().value("process_threads");
    const int one = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    std::atomic<bool> done = false;
    std::thread thread([&] {
        while (!done) std::this_thread::yield();
    });
    CHECK(process().value("process_open_fds") == descriptors + 1);
    CHECK(process().value("process_threads") >= threads + 1);  // a sanitizer may have begun one of its own with it
    done = true;
    thread.join();
    ::close(one);
    CHECK(process().value("process_open_fds") == descriptors);
}

TEST_CASE("memory, limits and the time of the start are the process's own") {
    const tests::Exposition read = process();
    rlimit limit{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
    CHECK(read.value("process_max_fds") == static_cast<double>(limit.rlim_cur));
    CHECK(read.value("process_resident_memory_bytes") > 1e6);
    CHECK(read.value("process_virtual_memory_bytes") >= read.value("process_resident_memory_bytes"));
    const double now = static_cast<double>(std::chrono::system_clock::now().time_since_epoch().count()) / 1e9;
    CHECK(read.value("process_start_time_seconds") < now + 5);
    CHECK(read.value("process_start_time_seconds") > now - 3600);
}

TEST_CASE("processor time grows with what is computed") {
    const double before = process().value("process_cpu_seconds_total");
    volatile std::uint64_t sum = 0;
    while (process().value("process_cpu_seconds_total") < before + 0.03) {
        for (int i = 0; i < 1'000'000; ++i) sum = sum + 1;
    }
    CHECK(process().value("process_cpu_seconds_total") > before);
}
