#include "app/base/new_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <iterator>

#include "app/base/error.hpp"
#include "tests/support/checks.hpp"
#include "tests/support/folder.hpp"

using app::base::Code;
using app::base::NewFile;

namespace {

long entries(const tests::TemporaryFolder& folder) {
    return std::distance(std::filesystem::directory_iterator(folder.path()), {});
}

}  // namespace

TEST_CASE("A new file has its name only when it was kept, and mode 0600") {
    const tests::TemporaryFolder folder;
    NewFile file(folder / "a");
    file.write(std::string("one\0two", 7));
    CHECK_FALSE(std::filesystem::exists(folder / "a"));
    file.keep();
    CHECK(tests::read_text(folder / "a") == std::string("one\0two", 7));
    CHECK(entries(folder) == 1);
    struct stat status{};
    REQUIRE(::stat((folder / "a").c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0600);
}

TEST_CASE("A new file that was not kept leaves nothing") {
    const tests::TemporaryFolder folder;
    {
        NewFile(folder / "a").write("one");
    }
    CHECK(entries(folder) == 0);
}

TEST_CASE("A new file never takes the place of another, be it there from the start or since") {
    const tests::TemporaryFolder folder;
    NewFile first(folder / "a");
    NewFile second(folder / "a");
    first.write("first");
    first.keep();
    CHECK(tests::error_of([&] { second.keep(); })->code() == Code::conflict);
    CHECK(tests::error_of([&] { NewFile third(folder / "a"); })->message() ==
          (folder / "a") + " exists already: name another file, or move that one away");
    CHECK(tests::read_text(folder / "a") == "first");
}

TEST_CASE("A new file takes the place of another if it is to, and only when it is kept") {
    const tests::TemporaryFolder folder;
    {
        NewFile(folder / "a").keep();
    }
    NewFile second(folder / "a", NewFile::Existing::replace);
    second.write("second");
    CHECK(tests::read_text(folder / "a").empty());
    second.keep();
    CHECK(tests::read_text(folder / "a") == "second");
    CHECK(entries(folder) == 1);
}

TEST_CASE("A new file in a folder that is not there is refused with the system's reason") {
    const tests::TemporaryFolder folder;
    const auto error = tests::error_of([&] { NewFile file(folder / "no/a"); });
    REQUIRE(error);
    CHECK(error->code() == Code::unavailable);
    CHECK(error->message() == (folder / "no/a") + " cannot be written: No such file or directory");
}
