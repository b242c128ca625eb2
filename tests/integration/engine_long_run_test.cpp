// The long run, at its full size: `manage runserver` with 10,000 idle connections, 200 that dribble a head and 20,000 short ones in
// waves, while active clients go on asking. Everybody is answered, and afterwards the server is as it was.
#include <dirent.h>
#include <sys/resource.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <stop_token>
#include <thread>
#include <utility>

#include "tests/integration/manage.hpp"
#include "tests/integration/support/running.hpp"

namespace {

using namespace std::chrono_literals;
using tests::get;
using tests::post;

constexpr int idle_count = 10'000, slow_count = 200, short_count = 20'000, wave_size = 250, active_count = 8;
constexpr rlim_t descriptors_needed = idle_count + slow_count + wave_size + active_count + 100;

// What the system says of a process.
struct Usage {
    int descriptors = 0;
    long resident_kib = 0;

    explicit Usage(pid_t process) {
        const std::string folder = "/proc/" + std::to_string(process);
        DIR* const open = ::opendir((folder + "/fd").c_str());
        while (open && ::readdir(open)) ++descriptors;
        ::closedir(open);
        const std::string status = tests::read_text(folder + "/status");
        const std::string key = "VmRSS:";
        resident_kib = std::stol(status.substr(status.find(key) + key.size()));
    }
};

// Does something again and again, in a thread of its own, until the object goes.
class Meanwhile {
   public:
    explicit Meanwhile(std::function<void()> step)
        : thread_([step = std::move(step)](const std::stop_token& over) {
              while (!over.stop_requested()) step();
          }) {}

   private:
    std::jthread thread_;
};

std::string next_request(int number) { return number % 2 ? get("/healthz") : post("/_echo", std::to_string(number)); }

int port_of(tests::Process& server) {
    const std::string banner = server.wait_for("Press Ctrl-C");
    const std::string before = "http://127.0.0.1:";
    return std::stoi(banner.substr(banner.find(before) + before.size()));
}

// How many of these short connections were answered.
int serve_wave(int port) {
    std::deque<tests::Connection> wave;
    for (int i = 0; i < wave_size; ++i) wave.emplace_back(port).send(next_request(i));
    return static_cast<int>(std::ranges::count_if(wave, [](auto& connection) { return connection.receive().status == 200; }));
}

std::deque<tests::Connection> connect(int port, int count) {
    std::deque<tests::Connection> connections;
    for (int i = 0; i < count; ++i) connections.emplace_back(port);
    return connections;
}

void check_each_is_answered(std::deque<tests::Connection>& connections) {
    for (auto& connection : connections) connection.send(get("/healthz"));
    for (auto& connection : connections) CHECK(connection.receive().status == 200);
}

}  // namespace

TEST_CASE("ten thousand idle, two hundred slow and twenty thousand short connections harm nobody and leave nothing behind") {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    REQUIRE_MESSAGE(limit.rlim_max >= descriptors_needed, "this test needs ", descriptors_needed, " descriptors: ulimit -Hn");
    tests::Installation here;
    here.environment["APP_LOG__LEVEL"] = "warning";
    here.environment["APP_SERVER__IDLE_TIMEOUT_MS"] = "600000";
    // Else memory that was freed counts for long.
    here.environment["ASAN_OPTIONS"] = "quarantine_size_mb=1:thread_local_quarantine_size_kb=16";
    REQUIRE(here.manage({"deploy"}).exit_code == 0);
    tests::Process server(here.start({"runserver", "--port", "0"}));
    const int port = port_of(server);
    limit.rlim_cur = limit.rlim_max;  // the server began with what it was given, and raises it itself
    ::setrlimit(RLIMIT_NOFILE, &limit);
    for (int i = 0; i < 4; ++i) CHECK(serve_wave(port) == wave_size);
    int last = 0;
    CHECK(tests::soon([&] {
        const int now = Usage(server.pid()).descriptors;
        std::this_thread::sleep_for(50ms);
        return std::exchange(last, now) == now;
    }));
    const Usage before(server.pid());

    std::deque<tests::Connection> idle = connect(port, idle_count), slow, active;
    for (int i = 0; i < slow_count; ++i) slow.emplace_back(port).send("GET / HTTP/1.1\r\nX: ");
    for (int i = 0; i < active_count; ++i) active.emplace_back(port);
    long asked = 0, answered = 0;
    std::chrono::milliseconds longest{0};
    int served = 0;
    const auto took = tests::time_of([&] {
        const Meanwhile dribbling([&] {
            for (auto& connection : slow) connection.send("x");
            std::this_thread::sleep_for(50ms);
        });
        const Meanwhile asking([&] {
            longest = std::max(longest, tests::time_of([&] {
                                   for (auto& connection : active) connection.send(next_request(static_cast<int>(asked++)));
                                   for (auto& connection : active) answered += connection.receive().status == 200;
                               }));
        });
        for (int i = 0; i < short_count / wave_size; ++i) served += serve_wave(port);
    });
    CHECK(served == short_count);
    CHECK(answered == asked);
    CHECK(asked > 100);
    for (auto& connection : slow) CHECK(tests::refused(connection).status == 408);
    const Usage peak(server.pid());
    check_each_is_answered(idle);

    idle.clear();
    slow.clear();
    active.clear();
    CHECK(tests::soon([&] { return Usage(server.pid()).descriptors == before.descriptors; }));
    const Usage after(server.pid());
    MESSAGE(short_count, " short connections in ", took.count(), " ms; ", answered, " answers for active clients, the slowest ",
            active_count, " in ", longest.count(), " ms; descriptors ", before.descriptors, ", ", peak.descriptors, ", ",
            after.descriptors, "; resident ", before.resident_kib, ", ", peak.resident_kib, ", ", after.resident_kib, " KiB");

    // A sanitizer may keep the memory that was freed: then as many connections again find it there.
    idle = connect(port, idle_count);
    check_each_is_answered(idle);
    idle.clear();
    CHECK(tests::soon([&] { return Usage(server.pid()).descriptors == before.descriptors; }));
    CHECK(Usage(server.pid()).resident_kib < after.resident_kib + 8 * 1024);
    server.send(SIGTERM);
    CHECK(server.wait().exit_code == 0);
}
