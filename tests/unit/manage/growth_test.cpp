#include "manage/growth.hpp"

#include <doctest/doctest.h>

#include "app/base/error.hpp"
#include "tests/support/checks.hpp"
#include "tests/support/folder.hpp"

namespace {

using manage::Growth;
using manage::SourceText;
using tests::read_text;
namespace fs = std::filesystem;

struct Tree {
    tests::TemporaryFolder folder;
    Growth growth{folder.path()};

    Tree() { tests::write_text(folder / "old.txt", "one\ntwo\n"); }
    std::size_t entries() const {
        return static_cast<std::size_t>(std::distance(fs::recursive_directory_iterator(folder.path()), {}));
    }
};

}  // namespace

TEST_CASE("nothing is written before write, and all of it then; a changed file keeps its mode") {
    Tree tree;
    fs::permissions(tree.folder / "old.txt", fs::perms::owner_all);
    tree.growth.add("new/deep/file.txt", "new\n");
    tree.growth.change("old.txt", [](SourceText& source) { source.insert_before("two", "and"); });
    tree.growth.change("old.txt", [](SourceText& source) { source.append("end"); });
    tree.growth.change("new/deep/file.txt", [](SourceText& source) { source.append("more"); });
    CHECK(tree.entries() == 1);
    tree.growth.write();
    CHECK(read_text(tree.folder / "old.txt") == "one\nand\ntwo\n\nend\n");
    CHECK(read_text(tree.folder / "new/deep/file.txt") == "new\n\nmore\n");
    CHECK(fs::status(tree.folder / "old.txt").permissions() == fs::perms::owner_all);
    CHECK((fs::status(tree.folder / "new/deep/file.txt").permissions() & fs::perms::others_read) != fs::perms::none);
    CHECK(tree.entries() == 4);
}

TEST_CASE("when one file cannot be written, the others are taken back and no folder stays") {
    Tree tree;
    tree.growth.add("new/file.txt", "new\n");
    tree.growth.change("old.txt", [](SourceText& source) { source.append("end"); });
    tree.growth.add("late.txt", "late\n");
    tests::write_text(tree.folder / "late.txt", "somebody was faster");
    const auto error = tests::error_of([&] { tree.growth.write(); });
    REQUIRE(error);
    CHECK(read_text(tree.folder / "old.txt") == "one\ntwo\n");
    CHECK(read_text(tree.folder / "late.txt") == "somebody was faster");
    CHECK(tree.entries() == 2);
}

TEST_CASE("a folder that is a file is an error like others") {
    Tree tree;
    tree.growth.change("old.txt", [](SourceText& source) { source.append("end"); });
    tree.growth.add("old.txt/new.txt", "new\n");
    REQUIRE(tests::error_of([&] { tree.growth.write(); }));
    CHECK(read_text(tree.folder / "old.txt") == "one\ntwo\n");
    CHECK(tree.entries() == 1);
}

TEST_CASE("a name that is taken, there or in the plan, and a file that is gone are refused") {
    Tree tree;
    tree.growth.add("new.txt", "new\n");
    for (const char* path : {"old.txt", "new.txt"}) {
        const auto error = tests::error_of([&] { tree.growth.add(path, ""); });
        REQUIRE(error);
        CHECK(error->message() == "the name is taken: there is " + std::string(path) + " already");
    }
    CHECK(tests::error_of([&] { tree.growth.change("gone.txt", [](SourceText&) {}); }));
}

TEST_CASE("a template begins with its first line, and escapes nothing") {
    const std::string text = manage::fill_template("routes.hpp", {{"name", "a<&"}});
    CHECK(text.starts_with("// The URLs of the blueprint a<&,"));
}
