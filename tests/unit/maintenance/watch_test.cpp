#include "app/maintenance/watch.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>

#include "app/base/log.hpp"
#include "tests/support/checks.hpp"
#include "tests/support/folder.hpp"

using namespace app::maintenance;

namespace {

struct Watched {
    tests::TemporaryFolder folder;
    std::string path = (folder.path() / "maintenance.json").string();
    Switch state;

    Watched() { app::base::set_up_log({.level = "info", .file = folder / "log"}); }
    ~Watched() { app::base::set_up_log({.level = "error"}); }

    std::string log() const {
        app::base::flush_log();
        return tests::read_text(folder / "log");
    }

    std::string message() const {
        const auto notice = state.current();
        return notice ? notice->message : "off";
    }
    bool soon(const std::string& wanted) const {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (message() != wanted && std::chrono::steady_clock::now() < deadline)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        return message() == wanted;
    }
};

}  // namespace

TEST_CASE("a switch is off, then what it was turned to, for all threads") {
    Switch state;
    CHECK_FALSE(state.current());
    std::atomic<bool> over = false;
    std::thread reader([&] {
        while (!over) {
            if (const auto notice = state.current()) CHECK(notice->message == "closed");
        }
    });
    for (int i = 0; i < 1000; ++i) {
        state.turn_on({.message = "closed"});
        state.turn_off();
    }
    over = true;
    reader.join();
    CHECK_FALSE(state.current());
}

TEST_CASE("a watch has looked when it is made, and sees the file come, change and go") {
    Watched here;
    write_notice(here.path, {.message = "first"});
    {
        const Watch watch(here.state, here.path);
        CHECK(here.message() == "first");
        write_notice(here.path, {.message = "later"});
        CHECK(here.soon("later"));
        remove_notice(here.path);
        CHECK(here.soon("off"));
        write_notice(here.path, {.message = "again"});
        CHECK(here.soon("again"));
    }
    const std::string log = here.log();
    for (const char* line : {"503: first\n", "503: later\n", "maintenance is over\n", "503: again\n"})
        CHECK(tests::contains(log, line));
}

TEST_CASE("a broken file turns maintenance on where it was off, and leaves what held where it was on; the log says so once") {
    Watched here;
    tests::write_text(here.path, "{");
    {
        const Watch watch(here.state, here.path);
        CHECK(here.message() == Notice{}.message);
    }
    here.state.turn_off();
    write_notice(here.path, {.message = "closed"});
    {
        const Watch watch(here.state, here.path);
        const auto size = here.log().size();
        tests::write_text(here.path, "{{");
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (here.log().size() == size && std::chrono::steady_clock::now() < deadline)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        CHECK(here.message() == "closed");
    }
    CHECK(tests::contains(here.log(), "warning " + here.path + " is no notice of maintenance: "));
    CHECK(tests::contains(here.log(), "; maintenance is on as long as that file is there\n"));
}
