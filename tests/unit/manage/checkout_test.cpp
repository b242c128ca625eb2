#include "manage/checkout.hpp"

#include <doctest/doctest.h>

#include "tests/support/folder.hpp"

namespace fs = std::filesystem;

TEST_CASE("a checkout is found from its root and from everywhere below it") {
    const tests::TemporaryFolder folder;
    tests::write_text(folder / "CMakeLists.txt", "project(dewar VERSION 1.2.3)\n");
    fs::create_directories(folder.path() / "app/web");
    CHECK(manage::find_checkout(folder.path()) == folder.path());
    CHECK(manage::find_checkout(folder.path() / "app/web") == folder.path());
    CHECK(manage::find_checkout(folder.path() / "app/gone") == folder.path());
}

TEST_CASE("another project is no checkout, nor is a folder without one") {
    const tests::TemporaryFolder folder;
    CHECK_FALSE(manage::find_checkout(folder.path()));
    tests::write_text(folder / "CMakeLists.txt", "project(dewars VERSION 1.2.3)\n");
    CHECK_FALSE(manage::find_checkout(folder.path()));
    CHECK_FALSE(manage::find_checkout(""));
}

TEST_CASE("the folder of the program is this one's") { CHECK(fs::exists(manage::program_folder() / "test_unit_manage")); }
