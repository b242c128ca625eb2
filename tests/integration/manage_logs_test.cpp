// `manage logs` as a process: files as the server and logrotate leave them, and one that grows.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "app/archive/gzip.hpp"
#include "tests/integration/manage.hpp"
#include "tests/integration/support/http_client.hpp"

namespace {

using namespace tests;

const std::string first = "2026-11-20T08:00:00.000Z info GET / 200 body_bytes=1 duration_us=2 request_id=a-1 peer=::1\n";
const std::string second = "2026-11-21T08:00:00.000Z error it broke request_id=a-2\n  at main\n";
const std::string third = "2026-11-22T08:00:00.000Z warning slow request_id=a-1\n";
const std::string fourth = "2026-11-22T09:00:00.000Z info GET /x 404 body_bytes=1 duration_us=2 request_id=a-4 peer=::1\n";

// An installation whose log is dewar.log in its folder.
struct Logs : Installation {
    Logs() { environment["APP_LOG__FILE"] = "dewar.log"; }

    void append(const std::string& name, const std::string& text) const { std::ofstream(path() / name, std::ios::app) << text; }
    void append_packed(const std::string& name, const std::string& text) const {
        std::string bytes;
        app::archive::GzipWriter writer([&](std::string_view some) { bytes += some; });
        writer.write(text);
        writer.finish();
        append(name, bytes);
    }
    std::string shown(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), "logs");
        const Finished done = manage(arguments);
        CHECK(done.err == "");
        CHECK(done.exit_code == 0);
        return done.out;
    }
};

// Whether the process has printed that text within its patience.
void wait_for_output(const Process& process, const std::string& text) {
    for (int i = 0; i < 6000 && process.out() != text; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    CHECK(process.out() == text);
}

}  // namespace

TEST_CASE("logs shows the file as it is, and what is asked for of it") {
    Logs here;
    here.append("dewar.log", first + second + third + fourth);
    CHECK(here.shown({}) == first + second + third + fourth);
    CHECK(here.shown({"--level", "warning"}) == second + third);
    CHECK(here.shown({"--request", "a-1"}) == first + third);
    CHECK(here.shown({"--since", "2026-11-22"}) == third + fourth);
    CHECK(here.shown({"--lines", "2"}) == third + fourth);
    CHECK(here.shown({"--lines", "0"}) == "");
    CHECK(here.shown({"--level", "error", "--lines", "1"}) == second);  // with what belongs to it
}

TEST_CASE("logs looks into what rotation left, as far as it has to") {
    Logs here;
    here.append_packed("dewar.log.2.gz", first);
    here.append("dewar.log.1", second);
    here.append("dewar.log", third + fourth);
    CHECK(here.shown({}) == third + fourth);
    CHECK(here.shown({"--lines", "3"}) == second + third + fourth);
    CHECK(here.shown({"--lines", "9"}) == first + second + third + fourth);
    CHECK(here.shown({"--request", "a-1"}) == first + third);
    CHECK(here.shown({"--since", "2026-11-20T12:00"}) == second + third + fourth);
    here.append("dewar.log.3.gz", "no gzip");
    CHECK(here.shown({"--since", "2026-11-20T12:00"}) == second + third + fourth);  // not opened
}

TEST_CASE("logs reads JSON lines, and shows a broken one as it is") {
    Logs here;
    const std::string
        json = "{\"time\":\"2026-11-22T08:00:00.000Z\",\"level\":\"error\",\"message\":\"x\",\"request_id\":\"b-1\"}\n",
        other = "{\"time\":\"2026-11-22T08:00:00.000Z\",\"level\":\"info\",\"method\":\"GET\",\"request_id\":\"b-2\"}\n",
        broken = "{\"time\":\"2026-11-22T08:00\n";
    here.append("other.log", json + other + broken);
    CHECK(here.shown({"other.log"}) == json + other + broken);
    CHECK(here.shown({"other.log", "--level", "error"}) == json + broken);
    CHECK(here.shown({"other.log", "--request", "b-2"}) == other + broken);
}

TEST_CASE("logs --follow goes on through rotation, cutting and removal") {
    Logs here;
    here.append("dewar.log", first + second);
    Process logs({.arguments = {MANAGE_BINARY, "logs", "--follow", "--lines", "1"},
                  .environment = here.environment,
                  .folder = here.path()});
    wait_for_output(logs, second);
    here.append("dewar.log", third);
    wait_for_output(logs, second + third);
    std::filesystem::rename(here.path() / "dewar.log", here.path() / "dewar.log.1");
    here.append("dewar.log.1", fourth);
    here.append("dewar.log", first);
    wait_for_output(logs, second + third + fourth + first);
    std::filesystem::resize_file(here.path() / "dewar.log", 0);
    here.append("dewar.log", third);
    wait_for_output(logs, second + third + fourth + first + third);
    std::filesystem::remove(here.path() / "dewar.log");
    here.append("dewar.log", "2026-11-22T10:00:00.000Z debug whole");
    here.append("dewar.log", " line\n");
    wait_for_output(logs, second + third + fourth + first + third + "2026-11-22T10:00:00.000Z debug whole line\n");
    logs.send(SIGINT);
    CHECK(logs.wait().exit_code == 128 + SIGINT);
}

TEST_CASE("logs ends quietly when nobody reads any more, following or not") {
    Logs here;
    for (int i = 0; i < 3000; ++i) here.append("dewar.log", first);
    for (const bool follows : {false, true}) {
        int ends[2];
        REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
        std::vector<std::string> arguments{MANAGE_BINARY, "logs"};
        if (follows) arguments.insert(arguments.end(), {"--follow", "--lines", "1"});
        Process logs({.arguments = arguments, .environment = here.environment, .folder = here.path(), .output = ends[1]});
        ::close(ends[1]);
        char byte = 0;
        CHECK(::read(ends[0], &byte, 1) == 1);
        ::close(ends[0]);
        const Finished done = logs.wait();
        CHECK(done.exit_code == 0);
        CHECK(done.err == "");
    }
}

TEST_CASE("without a log file logs says what to do, and bad arguments are told in one line") {
    Logs here;
    const Finished none = here.manage({"logs"});
    CHECK(none.exit_code == 1);
    CHECK(none.err == "manage: there is no log file dewar.log: has the server run with it yet?\n");
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{"logs", "--since", "soon"},
                                                      {"logs", "--lines", "-1"},
                                                      {"logs", "--lines", "many"},
                                                      {"logs", "--level", "loud"},
                                                      {"logs", "a", "b"}}) {
        const Finished refused = here.manage(arguments);
        CHECK(refused.exit_code == 2);
        CHECK(is_one_line(refused.err));
    }
    here.environment.erase("APP_LOG__FILE");
    const Finished unset = here.manage({"logs"});
    CHECK(unset.exit_code == 1);
    CHECK(is_one_line(unset.err));
    CHECK(contains(unset.err, "journalctl -u dewar"));
    std::filesystem::create_directories(here.path() / "instance");
    here.append("instance/runserver.log", first);  // where a daemon writes that was told no other place
    CHECK(here.shown({}) == first);
    std::filesystem::create_directory(here.path() / "folder");
    CHECK(is_one_line(here.manage({"logs", "folder"}).err));
}

TEST_CASE("a running server's request is found by its id") {
    Logs here;
    here.environment["APP_CONFIG"] = "testing";
    here.environment["DATABASE_URL"] = "sqlite:temporary";
    here.environment["APP_LOG__LEVEL"] = "info";
    Process server(
        {.arguments = {MANAGE_BINARY, "runserver", "--port", "0"}, .environment = here.environment, .folder = here.path()});
    const std::string banner = server.wait_for("Press Ctrl-C"), before = "http://127.0.0.1:";
    const int port = std::stoi(banner.substr(banner.find(before) + before.size()));
    const Answer answer = parse_answer(raw_exchange(port, "GET /no/such HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    server.send(SIGTERM);
    CHECK(server.wait().exit_code == 0);
    const std::string line = here.shown({"--request", answer.header("X-Request-Id")});
    CHECK(contains(line, " info GET /no/such 404 "));
    CHECK(std::ranges::count(line, '\n') == 1);
    CHECK(contains(here.shown({}), " info stopped\n"));
}
