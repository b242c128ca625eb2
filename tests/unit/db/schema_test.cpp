// The gate: which databases a binary can live with. Two sets of migrations stand for two binaries over one database.
#include "app/db/schema.hpp"

#include "app/db/migrate.hpp"
#include "tests/unit/db/migrations.hpp"

using app::base::EmbeddedFile;
using app::db::Connection;
using app::db::Database;
using app::db::Migration;
using app::db::Schema;
using app::db::Step;
using tests::bring_up;
using tests::from;
using tests::gate;

namespace {

std::vector<std::string> states(Database& database, const std::vector<Migration>& migrations) {
    std::vector<std::string> states;
    for (const Step& step : app::db::inspect(database, migrations).steps) {
        states.push_back(std::to_string(step.version) + " " + std::string(to_string(step.state)));
    }
    return states;
}

void interrupt(Database& database, std::int64_t version) {
    database.write([&](Connection& connection) {
        connection.execute("UPDATE schema_migrations SET finished_at = NULL, statements_done = 0 WHERE version = ?", version);
    });
}

using States = std::vector<std::string>;

const EmbeddedFile first{"0001_first.sql", "CREATE TABLE a (id @id@);"};
const EmbeddedFile second{"0002_second.sql", "CREATE TABLE b (id @id@); INSERT INTO b (id) VALUES (5);"};
const EmbeddedFile friendly{"0002_second.sql", "-- compatible: 1\nCREATE TABLE b (id @id@);"};

}  // namespace

TEST_CASE("The gate refuses a database without a schema and one that is older, and names the command") {
    const auto database = tests::new_database();
    CHECK(gate(*database, from({first})) == "the database has no schema yet: run `manage deploy`");
    bring_up(*database, from({first}));
    CHECK(gate(*database, from({first})).empty());
    CHECK(gate(*database, from({first, second})) ==
          "the database has schema version 1, which is older than this binary's, 2: run `manage deploy`");
}

TEST_CASE("The gate refuses a newer database unless its migrations are declared compatible with this binary") {
    const auto database = tests::new_database();
    bring_up(*database, from({first, second}));
    CHECK(tests::contains(gate(*database, from({first})), "schema version 2, which is newer than this binary (it knows 1)"));
    CHECK(tests::error_of([&] { bring_up(*database, from({first})); }).has_value());

    const auto other = tests::new_database();
    bring_up(*other, from({first, {"0002_second.sql", "-- compatible: 1\nCREATE TABLE b (x INTEGER)"}}));
    CHECK(gate(*other, from({first})).empty());
    CHECK(bring_up(*other, from({first})).empty());
}

TEST_CASE("An applied migration whose file changed, or that is unknown here, is refused by the gate and by migrate") {
    const auto database = tests::new_database();
    bring_up(*database, from({first, second}));
    const auto changed = from({first, {"0002_second.sql", "CREATE TABLE b (id INTEGER)"}});
    CHECK(tests::contains(gate(*database, changed), "migration 2 (second) was changed after it was applied"));
    CHECK(tests::error_of([&] { bring_up(*database, changed); }).has_value());

    const auto unknown = from({first, {"0003_third.sql", "CREATE TABLE c (id INTEGER)"}});
    CHECK(tests::contains(gate(*database, unknown), "migration 2 (second) was applied but is not known to this binary"));
}

TEST_CASE("A rolling deploy never shuts the gate for the old binary, nor does one that is interrupted") {
    const auto database = tests::new_database();
    const auto old_binary = from({first}), new_binary = from({first, friendly});
    bring_up(*database, old_binary);
    bring_up(*database, new_binary);
    CHECK(gate(*database, old_binary).empty());
    interrupt(*database, 2);
    CHECK(gate(*database, old_binary).empty());
    CHECK(tests::contains(gate(*database, new_binary), "migration 2 (second) was begun and is not finished"));
    CHECK(states(*database, old_binary) == States{"1 applied", "2 unknown to this binary"});
    CHECK(states(*database, new_binary) == States{"1 applied", "2 half done"});
}

TEST_CASE("A step that is not compatible shuts the gate for the old binary from its first statement on") {
    const auto database = tests::new_database();
    bring_up(*database, from({first, second}));
    interrupt(*database, 2);
    CHECK(tests::contains(gate(*database, from({first})), "says that it needs one that knows at least 2"));
}

TEST_CASE("A step that another binary left half done is refused, with what mends it") {
    const auto database = tests::new_database();
    bring_up(*database, from({first, friendly}));
    interrupt(*database, 2);
    const auto here = from({first, second});
    const std::string problem =
        "migration 2 (second) was begun by a binary with another file of that number and is half done (0 "
        "statements): finish it with that binary's `manage deploy`, or put the tables right by hand and run "
        "`manage migrate stamp 2`";
    CHECK(gate(*database, here) == problem);
    CHECK(tests::error_of([&] { bring_up(*database, here); }).value().message() == problem);
    CHECK(states(*database, here) == States{"1 applied", "2 edited"});
}

TEST_CASE("What stands in the journal and in the files is told step by step, with its time") {
    const auto database = tests::new_database();
    CHECK(states(*database, from({first, second})) == States{"1 pending", "2 pending"});
    bring_up(*database, from({first}));
    const Schema schema = app::db::inspect(*database, from({first, second}));
    REQUIRE(schema.steps.size() == 2);
    CHECK(schema.steps[0].state == Step::State::applied);
    CHECK(schema.steps[0].name == "first");
    REQUIRE(schema.steps[0].when);
    CHECK(std::chrono::abs(*schema.steps[0].when - app::base::now()) < std::chrono::minutes(1));
    CHECK_FALSE(schema.steps[1].when);
    CHECK(app::db::inspect_nothing(from({first, second})).pending.size() == 2);
}
