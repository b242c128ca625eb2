#include "manage/log_files.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "app/archive/gzip.hpp"
#include "app/base/error.hpp"
#include "tests/support/folder.hpp"

using namespace manage;

namespace {

void append(const std::filesystem::path& file, const std::string& text) { std::ofstream(file, std::ios::app) << text; }

// What is new in the file, line by line.
std::string news(GrowingLog& log) {
    std::string text;
    log.read([&](std::string_view line) { text.append(line).append("|"); });
    return text;
}

std::string all_of(const std::filesystem::path& file) {
    std::string text;
    read_log(file, [&](std::string_view line) {
        text.append(line).append("|");
        return true;
    });
    return text;
}

}  // namespace

TEST_CASE("a growing file gives each whole line once") {
    const tests::TemporaryFolder folder;
    const auto file = folder.path() / "log";
    append(file, "old\n");
    GrowingLog log(file, false), whole(file, true);
    CHECK(news(log) == "");
    CHECK(news(whole) == "old|");
    append(file, "one\ntw");
    CHECK(news(log) == "one|");
    append(file, "o\n");
    CHECK(news(log) == "two|");
    CHECK(news(log) == "");
}

TEST_CASE("a file that is moved is read to its end, and then the new one") {
    const tests::TemporaryFolder folder;
    const auto file = folder.path() / "log", moved = folder.path() / "log.1";
    append(file, "one\n");
    GrowingLog log(file, true);
    CHECK(news(log) == "one|");
    std::filesystem::rename(file, moved);
    append(moved, "two\n");  // the server has not opened the new one yet
    CHECK(news(log) == "two|");
    append(moved, "three");
    append(file, "four\n");
    CHECK(news(log) == "three|four|");
    append(file, "five\n");
    CHECK(news(log) == "five|");
}

TEST_CASE("a file that is cut is read from its beginning, and one that is removed and made again too") {
    const tests::TemporaryFolder folder;
    const auto file = folder.path() / "log";
    append(file, "a long line\n");
    GrowingLog log(file, true);
    CHECK(news(log) == "a long line|");
    std::filesystem::resize_file(file, 0);
    append(file, "cut\n");
    CHECK(news(log) == "cut|");
    std::filesystem::remove(file);
    CHECK(news(log) == "");
    append(file, "again\n");
    CHECK(news(log) == "again|");
}

TEST_CASE("a file that is not there yet is waited for") {
    const tests::TemporaryFolder folder;
    GrowingLog log(folder.path() / "log", false);
    CHECK(news(log) == "");
    append(folder.path() / "log", "first\n");
    CHECK(news(log) == "first|");
}

TEST_CASE("the neighbours that rotation made are found, the newest first") {
    const tests::TemporaryFolder folder;
    for (const char* name : {"log", "log.1", "log.2.gz", "log.10.gz", "log.old", "log.x.gz", "log.0", "other.1", "logs"})
        append(folder.path() / name, "x\n");
    std::string names;
    for (const auto& file : find_log_files(folder.path() / "log")) names += file.filename().string() + " ";
    CHECK(names == "log log.1 log.2.gz log.10.gz ");
    CHECK(find_log_files(folder.path() / "none" / "log").empty());
}

TEST_CASE("a packed file is read like any other, and a damaged one is named") {
    const tests::TemporaryFolder folder;
    const auto packed = folder.path() / "log.2.gz", damaged = folder.path() / "log.3.gz";
    std::string bytes;
    app::archive::GzipWriter writer([&](std::string_view some) { bytes += some; });
    writer.write("one\ntwo");
    writer.finish();
    append(packed, bytes);
    append(damaged, "no gzip");
    CHECK(all_of(packed) == "one|two|");
    CHECK_THROWS_AS(all_of(damaged), app::base::Error);
    CHECK_THROWS_AS(all_of(folder.path() / "none"), app::base::Error);
}
