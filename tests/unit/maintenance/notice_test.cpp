#include "app/maintenance/notice.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "tests/support/checks.hpp"
#include "tests/support/folder.hpp"

using namespace app::maintenance;
using namespace std::chrono_literals;
using app::base::Code;

namespace {

struct File {
    tests::TemporaryFolder folder;
    std::string path = (folder.path() / "instance" / "maintenance.json").string();

    void hold(const std::string& text) const {
        std::filesystem::create_directories(folder.path() / "instance");
        tests::write_text(path, text);
    }
    std::string fault() const {
        const auto error = tests::error_of([&] { find_notice(path); });
        REQUIRE(error);
        CHECK(error->code() == Code::invalid);
        CHECK(tests::contains(error->message(), path));
        return error->message();
    }
};

}  // namespace

TEST_CASE("a notice is read as it was written, in a folder that is made for it, and every account may read it") {
    const File file;
    const Notice notice{.message = "Back at \"noon\", é.",
                        .retry_after = 90s,
                        .allow = {"192.0.2.0/24", "::1"},
                        .since = "2026-11-22T08:59:06.123Z"};
    write_notice(file.path, notice);
    CHECK(find_notice(file.path) == notice);
    CHECK(
        tests::read_text(file.path) ==
        R"({"allow":["192.0.2.0/24","::1"],"message":"Back at \"noon\", é.","retry_after_s":90,"since":"2026-11-22T08:59:06.123Z"})"
        "\n");
    struct stat found{};
    REQUIRE(stat(file.path.c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0644);
}

TEST_CASE("no file is no notice, and removing says whether there was one") {
    const File file;
    CHECK_FALSE(find_notice(file.path));
    CHECK_FALSE(remove_notice(file.path));
    write_notice(file.path, {});
    CHECK(remove_notice(file.path));
    CHECK_FALSE(find_notice(file.path));
}

TEST_CASE("what a notice does not say is as usual") {
    const File file;
    file.hold("{}");
    CHECK(find_notice(file.path) == Notice{});
}

TEST_CASE("a file that is no notice is refused with its name and its fault") {
    const File file;
    const std::pair<std::string, std::string> faults[] = {
        {"", "no notice of maintenance"},
        {"{", "no notice of maintenance"},
        {"[]", "no JSON object"},
        {R"({"mesage":"x"})", "mesage, which means nothing"},
        {R"({"message":5})", "message is no text"},
        {R"({"message":""})", "one line"},
        {R"({"message":"two\nlines"})", "one line"},
        {R"({"retry_after_s":0})", "1 to 604800 seconds"},
        {R"({"retry_after_s":"5"})", "no number of seconds"},
        {R"({"allow":"::1"})", "no list of addresses"},
        {R"({"allow":["10.0.0.1/8"]})", "10.0.0.1/8 is neither an address nor a network"},
        {R"({"message":")" + std::string(70000, 'x') + "\"}", "longer than a notice"},
    };
    for (const auto& [text, part] : faults) {
        CAPTURE(text.substr(0, 80));
        file.hold(text);
        const std::string fault = file.fault();
        CHECK_MESSAGE(tests::contains(fault, part), fault);
    }
}

TEST_CASE("a folder in the file's place is told as such") {
    const File file;
    std::filesystem::create_directories(file.path);
    const auto error = tests::error_of([&] { find_notice(file.path); });
    REQUIRE(error);
    CHECK(error->code() == Code::unavailable);
}

TEST_CASE("allowed are the addresses of the list and those in its networks") {
    const Notice notice{.allow = {"192.0.2.0/24", "2001:db8::1"}};
    CHECK(notice.allows("192.0.2.7"));
    CHECK(notice.allows("::ffff:192.0.2.7"));
    CHECK(notice.allows("2001:db8::1"));
    CHECK_FALSE(notice.allows("192.0.3.1"));
    CHECK_FALSE(notice.allows("2001:db8::2"));
    CHECK_FALSE(notice.allows(""));
    CHECK_FALSE(Notice{}.allows("127.0.0.1"));
}
