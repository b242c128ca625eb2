// What somebody types: statements, the beginning of a word, and the history of it.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include "app/base/error.hpp"
#include "manage/shell/completion.hpp"
#include "manage/shell/history.hpp"
#include "manage/shell/sql_text.hpp"
#include "tests/support/checks.hpp"
#include "tests/support/folder.hpp"

using namespace manage::shell;

TEST_CASE("A statement is a query or a write by its words, not by what it quotes") {
    for (const char* query : {"SELECT 1", " select 'delete'", "/* x */ SELECT 1", "WITH x AS (SELECT 'insert') SELECT * FROM x",
                              "PRAGMA table_info(users)", "EXPLAIN SELECT 1", "SHOW TABLES"}) {
        CAPTURE(query);
        CHECK(is_query(query));
    }
    for (const char* write : {"DELETE FROM users", "insert into x values (1)", "WITH x AS (SELECT 1) DELETE FROM users",
                              "DROP TABLE x", "PRAGMA user_version = 3", "COMMIT", "-- SELECT\nUPDATE users SET id = 1", ""}) {
        CAPTURE(write);
        CHECK_FALSE(is_query(write));
    }
}

TEST_CASE("One statement is taken, without its semicolon; a second is refused") {
    CHECK(single_statement(" SELECT 1 ; ") == "SELECT 1");
    CHECK(single_statement("SELECT ';' ; -- done; really") == "SELECT ';'");
    CHECK(single_statement("SELECT \";\" FROM `;`") == "SELECT \";\" FROM `;`");
    CHECK(tests::error_of([] { single_statement("SELECT 1; DELETE FROM users"); }));
    CHECK(tests::error_of([] { single_statement("  ;"); }));
    CHECK(tests::error_of([] { single_statement(""); }));
    CHECK(single_statement("SELECT 'unfinished") == "SELECT 'unfinished");
}

TEST_CASE("Completion finds globals, fields, methods and keywords, and calls nothing") {
    const StatePointer state = new_state();
    protect(state.get(), [](lua_State* lua) {
        load(lua,
             "apple = {pear = 1, plum = {stone = 1}, peel = function() end}\n"
             "trap = setmetatable({}, {__index = function() error('called') end})\n"
             "chained = setmetatable({own = 1}, {__index = apple})",
             "=test");
        lua_call(lua, 0, 0);
    });
    const auto words = [&](std::string_view line) { return complete(state.get(), line).words; };
    using Words = std::vector<std::string>;
    CHECK(words("x = appl") == Words{"apple"});
    CHECK(complete(state.get(), "x = appl").word_bytes == 4);
    CHECK(words("apple.p") == Words{"pear", "peel", "plum"});
    CHECK(words("apple:p") == Words{"peel"});
    CHECK(words("print(apple.plum.") == Words{"stone"});
    CHECK(words("chained.") == Words{"own", "pear", "peel", "plum"});
    CHECK(words("trap.x").empty());
    CHECK(words("nothing.x").empty());
    CHECK(words("whi") == Words{"while"});
    CHECK(words("string.for") == Words{"format"});
    CHECK(words(":::...").empty());
    CHECK(lua_gettop(state.get()) == 0);
}

TEST_CASE("The history is kept in a file for its owner, without what begins with a blank") {
    const tests::TemporaryFolder folder;
    const std::string file = folder / "state/dewar/history";
    {
        History history(file);
        CHECK(history.add("one"));
        CHECK_FALSE(history.add("one"));
        CHECK_FALSE(history.add(" secret"));
        CHECK_FALSE(history.add(""));
        CHECK(history.add("two"));
    }
    CHECK(tests::read_text(file) == "one\ntwo\n");
    struct stat status{};
    REQUIRE(stat(file.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    REQUIRE(stat((folder / "state/dewar").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0700);
    CHECK(History(file).lines() == std::vector<std::string>{"one", "two"});
}

TEST_CASE("A history does not grow without end") {
    const tests::TemporaryFolder folder;
    std::string text;
    for (std::size_t i = 0; i < 3 * History::lines_max; ++i) text += std::to_string(i) + "\n";
    const std::string file = tests::write_text(folder / "history", text);
    const History history(file);
    CHECK(history.lines().size() == History::lines_max);
    CHECK(history.lines().back() == "2999");
    CHECK(History(file).lines() == history.lines());
    CHECK(tests::read_text(file).size() < text.size() / 2);
}

TEST_CASE("A history that cannot be kept is no error") {
    History history("/proc/nowhere/history");
    CHECK(history.add("one"));
    CHECK(history.lines().size() == 1);
    CHECK(History("").lines().empty());
}
