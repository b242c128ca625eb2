#include "app/base/file.hpp"

#include <doctest/doctest.h>

#include "tests/support/folder.hpp"

using app::base::find_file;

TEST_CASE("a file is read whole, zero bytes and an unfinished last line included") {
    const tests::TemporaryFolder folder;
    const std::string bytes = std::string(10'000, 'x') + std::string("\0\r\nend", 6);
    CHECK(find_file(tests::write_text(folder / "file", bytes)) == bytes);
}

TEST_CASE("an empty file is an empty text, not nothing") {
    const tests::TemporaryFolder folder;
    CHECK(find_file(tests::write_text(folder / "empty", "")) == "");
}

TEST_CASE("nothing is found in what is no file, or is not there") {
    const tests::TemporaryFolder folder;
    CHECK_FALSE(find_file(folder.path()).has_value());
    CHECK_FALSE(find_file(folder / "missing").has_value());
}
