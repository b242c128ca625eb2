#include "app/base/log_writer.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <thread>
#include <vector>

#include "app/base/error.hpp"
#include "app/base/log.hpp"
#include "tests/support/folder.hpp"

using namespace app::base;

namespace {

// Whether it becomes true within ten seconds.
template <class Condition>
bool soon(Condition&& is_so) {
    for (int i = 0; i < 2000 && !is_so(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return is_so();
}

// A limit on how long a file may become: what a full disk does to whoever writes.
class ShortFiles {
   public:
    explicit ShortFiles(rlim_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~ShortFiles() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, SIG_DFL);
    }
    ShortFiles(const ShortFiles&) = delete;
    ShortFiles& operator=(const ShortFiles&) = delete;

   private:
    rlimit before_{};
};

const auto silent = [](const std::string&) {};

}  // namespace

TEST_CASE("a line is in the file soon, without a flush, and the file is private") {
    const tests::TemporaryFolder folder;
    LogWriter writer(folder / "log", silent);
    writer.append("one\n");
    CHECK(soon([&] { return tests::read_text(folder / "log") == "one\n"; }));
    struct stat status{};
    REQUIRE(stat((folder / "log").c_str(), &status) == 0);
    CHECK((status.st_mode & 0137) == 0);
}

TEST_CASE("flush writes at once, the end writes what is left, and a file that was there is appended to") {
    const tests::TemporaryFolder folder;
    std::ofstream(folder / "log") << "zero\n";
    {
        LogWriter writer(folder / "log", silent);
        writer.append("one\n");
        writer.flush();
        writer.append("two\n");
    }
    CHECK(tests::read_text(folder / "log") == "zero\none\ntwo\n");
}

TEST_CASE("the lines of many threads are whole, all there, and in each one's order") {
    const tests::TemporaryFolder folder;
    constexpr int threads = 4, lines = 20000;
    {
        LogWriter writer(folder / "log", silent);
        std::vector<std::thread> running;
        for (int t = 0; t < threads; ++t) {
            running.emplace_back([&, t] {
                for (int i = 0; i < lines; ++i) writer.append(std::to_string(t) + " " + std::to_string(i) + "\n");
            });
        }
        std::filesystem::rename(folder / "log", folder / "log.1");
        writer.reopen();
        for (std::thread& thread : running) thread.join();
    }
    std::istringstream text(tests::read_text(folder / "log.1") + tests::read_text(folder / "log"));
    std::map<int, int> next;
    int total = 0, thread = 0, number = 0;
    bool in_order = true;
    for (std::string line; std::getline(text, line); ++total) {
        std::istringstream(line) >> thread >> number;
        in_order = in_order && next[thread]++ == number;
    }
    CHECK(in_order);
    CHECK(total == threads * lines);
}

TEST_CASE("a moved file is made anew, and what came before is in the old one") {
    const tests::TemporaryFolder folder;
    LogWriter writer(folder / "log", silent);
    writer.append("one\n");
    std::filesystem::rename(folder / "log", folder / "log.1");
    writer.reopen();
    writer.append("two\n");
    writer.flush();
    CHECK(tests::read_text(folder / "log.1") == "one\n");
    CHECK(tests::read_text(folder / "log") == "two\n");
}

TEST_CASE("a file that cannot be opened is refused by name, and reopening keeps the old one") {
    const tests::TemporaryFolder folder;
    CHECK_THROWS_WITH_AS(LogWriter(folder / "none/log", silent),
                         ("cannot open the log file " + folder / "none/log" + ": No such file or directory").c_str(), Error);
    std::filesystem::create_directory(folder / "logs");
    LogWriter writer(folder / "logs/log", silent);
    std::filesystem::rename(folder / "logs", folder / "old");
    CHECK_THROWS_AS(writer.reopen(), Error);
    writer.append("one\n");
    writer.flush();
    CHECK(tests::read_text(folder / "old/log") == "one\n");
}

TEST_CASE("lines that a full disk does not take are kept, cut nowhere, and told of once when it takes them again") {
    const tests::TemporaryFolder folder;
    std::string told;
    {
        LogWriter writer(folder / "log", [&told](const std::string& what) { told += what + "\n"; });
        {
            const ShortFiles full(10);
            writer.append("one\ntwo\nthree\n");
            writer.flush();
            CHECK(tests::read_text(folder / "log") == "one\ntwo\nth");
            writer.append("four\n");
            writer.flush();
        }
        CHECK(soon([&] { return tests::read_text(folder / "log") == "one\ntwo\nthree\nfour\n"; }));
    }
    CHECK(told == "the log is written again, after: File too large; lines lost: 0\n");
}

TEST_CASE("a line that the old file holds half is whole in the new one") {
    const tests::TemporaryFolder folder;
    LogWriter writer(folder / "log", silent);
    {
        const ShortFiles full(6);
        writer.append("one\ntwo\nthree\n");
        writer.flush();
        std::filesystem::rename(folder / "log", folder / "log.1");
        writer.reopen();
    }
    soon([&] { return tests::read_text(folder / "log") == "two\nthree\n"; });
    CHECK(tests::read_text(folder / "log") == "two\nthree\n");
    CHECK(tests::read_text(folder / "log.1") == "one\ntw");
}

TEST_CASE("what waits for a full disk is bounded, and how much was dropped is told") {
    const tests::TemporaryFolder folder;
    std::string told;
    {
        LogWriter writer(folder / "log", [&told](const std::string& what) { told += what; });
        const std::string mebibyte = std::string(1024 * 1024 - 1, 'x') + "\n";
        {
            const ShortFiles full(0);
            writer.append(mebibyte);
            writer.flush();  // on its way, so no longer counted with those that wait
            for (int i = 0; i < 20; ++i) writer.append(mebibyte);
        }
        CHECK(soon([&] { return std::filesystem::file_size(folder / "log") == 17 * mebibyte.size(); }));
    }
    CHECK(told == "the log is written again, after: File too large; lines lost: 4");
}

TEST_CASE("the log says in one line that its file could not be reopened, and goes on") {
    const tests::TemporaryFolder folder;
    std::filesystem::create_directory(folder / "logs");
    set_up_log({.file = folder / "logs/log"});
    std::filesystem::rename(folder / "logs", folder / "old");
    reopen_log();
    log_info("later");
    set_up_log({});
    const std::string text = tests::read_text(folder / "old/log");
    CHECK(text.find(" error cannot open the log file " + folder / "logs/log" +
                    ": No such file or directory; the old one stays in use\n") != std::string::npos);
    CHECK(text.find(" info later\n") != std::string::npos);
}

TEST_CASE("an error is in the file when log_error returns") {
    const tests::TemporaryFolder folder;
    set_up_log({.format = "json", .file = folder / "log"});
    log_info("one");
    log_error("two");
    const std::string text = tests::read_text(folder / "log");
    CHECK(text.find("\"level\":\"info\",\"message\":\"one\"}\n") != std::string::npos);
    CHECK(text.find("\"level\":\"error\",\"message\":\"two\"}\n") != std::string::npos);
    set_up_log({});
}
