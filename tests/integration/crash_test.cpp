// A crash of `manage runserver`: what it leaves, and how it ends.
#include "app/base/crash.hpp"

#include <doctest/doctest.h>
#include <sys/syscall.h>

#include <fstream>

#include "tests/integration/manage.hpp"
#include "tests/integration/support/http_client.hpp"
#include "tests/integration/support/running.hpp"

namespace {

using namespace tests;

struct Blog : Installation {
    Blog() {
        environment["APP_LOG__FILE"] = "dewar.log";
        REQUIRE(manage({"deploy"}).exit_code == 0);
    }
    std::string report(const std::string& folder, pid_t pid) const {
        return app::base::find_crash_report(path() / folder, pid).value_or("");
    }
};

int port_of(Process& server) {
    const std::string banner = server.wait_for("Press Ctrl-C"), before = "http://127.0.0.1:";
    return std::stoi(banner.substr(banner.find(before) + before.size()));
}

// The thread of a server that sleeps, as /_slow does and nothing else; 0 if none does.
pid_t sleeping_thread(pid_t pid) {
    for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task")) {
        std::ifstream file(task.path() / "syscall");
        if (long number = 0; file >> number && number == SYS_clock_nanosleep) return std::stoi(task.path().filename());
    }
    return 0;
}

}  // namespace

TEST_CASE("a server that crashes names its report on standard error and in its log, and ends by the signal") {
    Blog here;
    here.environment["APP_LOG__CRASH_FOLDER"] = "crashes";
    Process server(here.start({"runserver", "--port", "0"}));
    const pid_t pid = server.pid();
    CHECK(Client(port_of(server)).get("/healthz").status == 200);
    server.send(SIGABRT);
    const Finished result = server.wait();
    CHECK(result.exit_code == 128 + SIGABRT);
    if (!app::base::can_report_crashes()) return;
    const std::string path = here.report("crashes", pid);
    const std::string line = "SIGABRT ends process " + std::to_string(pid) + "; the report is " + path;
    CHECK_MESSAGE(contains(result.err, "manage: " + line + "\n"), result.err);
    const std::string log = read_text(here.path() / "dewar.log");
    CHECK_MESSAGE(contains(log, " error " + line + "\n"), log);
    CHECK(contains(log, "GET /healthz 200 "));
    const std::string report = read_text(path);
    INFO(report);
    CHECK(report.starts_with("Dewar "));
    CHECK(contains(report, ", build "));
    CHECK(contains(report, "\nsignal     SIGABRT (Aborted), sent by process " + std::to_string(getpid()) + "\n"));
    CHECK(contains(report, "main"));
}

TEST_CASE("the report tells of the request that the thread was busy with, without its query") {
    const Blog here;
    Process server(here.start({"runserver", "--port", "0"}));
    const pid_t pid = server.pid();
    Connection connection(port_of(server));
    connection.send("GET /_slow?seconds=30&token=secret HTTP/1.1\r\nHost: here\r\n\r\n");
    pid_t thread = 0;
    REQUIRE(soon([&] { return (thread = sleeping_thread(pid)) != 0; }));
    REQUIRE(syscall(SYS_tgkill, pid, thread, SIGABRT) == 0);
    CHECK(server.wait().exit_code == 128 + SIGABRT);
    if (!app::base::can_report_crashes()) return;
    const std::string report = read_text(here.report("instance", pid));
    INFO(report);
    CHECK(contains(report, "\nrequest    GET /_slow request_id="));
    CHECK_FALSE(contains(report, "secret"));
    CHECK(contains(report, "app::diagnostics::"));
}

TEST_CASE("a supervisor tells of the report that its worker has left, and starts another one") {
    const Blog here;
    Process server(here.start({"runserver", "--supervise", "--port", "0"}));
    const auto worker = [&] {
        std::ifstream file("/proc/" + std::to_string(server.pid()) + "/task/" + std::to_string(server.pid()) + "/children");
        pid_t child = 0;
        return file >> child ? child : 0;
    };
    server.wait_for("Dewar is at");
    const pid_t first = worker();
    REQUIRE(first > 0);
    kill(first, SIGABRT);
    CHECK(soon([&] { return worker() != 0 && worker() != first; }));
    const auto is_told = [&] {
        const std::string told = server.err() + read_text(here.path() / "dewar.log");
        return contains(told, "was ended by signal 6 (Aborted)") &&
               contains(told, "; its report is instance/crash-") == app::base::can_report_crashes();
    };
    CHECK(soon(is_told));
    server.send(SIGTERM);
    CHECK(server.wait().exit_code == 0);
}

TEST_CASE("whoever mistypes a command gets no report") {
    const Installation here;
    const Finished result = here.manage({"runserver", "--port", "much"});
    CHECK(result.exit_code == 2);
    CHECK(is_one_line(result.err));
    CHECK_FALSE(std::filesystem::exists(here.path() / "instance"));
}
