#include "app/db/migration.hpp"
#include "tests/unit/db/support.hpp"

using app::base::Code;
using app::base::EmbeddedFile;
using app::db::Dialect;
using app::db::Migration;
using app::db::split_statements;

namespace {

// The migrations of `files` in the dialect of a new database.
std::vector<Migration> from(const std::vector<EmbeddedFile>& files) {
    return app::db::migrations(tests::temporary_database()->dialect(), files);
}

std::string refusal_of(const std::vector<EmbeddedFile>& files) {
    const auto error = tests::error_of([&] { from(files); });
    REQUIRE(error);
    CHECK(error->code() == Code::internal);
    return error->message();
}

const EmbeddedFile first{"0001_first.sql", "CREATE TABLE a (id @id@);"};

}  // namespace

TEST_CASE("Semicolons separate statements, but not in quotes and comments, which are left out") {
    CHECK(split_statements("SELECT 1; SELECT 2 ;\n\n") == std::vector<std::string>{"SELECT 1", "SELECT 2"});
    CHECK(split_statements("SELECT ';'';', \"a;b\", `c;d`;SELECT 2") ==
          std::vector<std::string>{"SELECT ';'';', \"a;b\", `c;d`", "SELECT 2"});
    CHECK(split_statements("-- one; two\nSELECT /* ; ' */ 1; -- end") == std::vector<std::string>{"SELECT   1"});
    CHECK(split_statements(" ;; -- nothing\n/* */;").empty());
    CHECK(split_statements("SELECT '-- no comment', '/*';") == std::vector<std::string>{"SELECT '-- no comment', '/*'"});
}

TEST_CASE("The body of a trigger belongs to its statement") {
    const std::string trigger =
        "CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET x = CASE WHEN 1 THEN 2 END; DELETE FROM c; END";
    CHECK(split_statements(trigger + "; SELECT 1;") == std::vector<std::string>{trigger, "SELECT 1"});
    CHECK(split_statements("CREATE TABLE t (begin_at INT); SELECT 1").size() == 2);
}

TEST_CASE("A quote or a comment without end is refused") {
    for (const char* script : {"SELECT 'a", "SELECT 1 /* x", "SELECT \"a"}) {
        CAPTURE(script);
        CHECK(tests::error_of([&] { split_statements(script); }).has_value());
    }
}

TEST_CASE("Placeholders are filled by the dialect, lengths included") {
    Dialect dialect;
    dialect.name = "mysql";
    dialect.auto_id = "BIGINT AUTO_INCREMENT";
    dialect.timestamp = "DATETIME(6)";
    dialect.text = "VARCHAR(#)";
    dialect.long_text = "LONGTEXT";
    dialect.exact_text = "VARCHAR(#) COLLATE utf8mb4_bin";
    dialect.table_options = "ENGINE=InnoDB";
    const std::vector<EmbeddedFile> files{
        {"0001_x.sql", "CREATE TABLE t (a @id@, b @time@, c @text(9)@, d @text@, e @exact(64)@) @engine@;"}};
    CHECK(app::db::migrations(dialect, files)[0].statements[0] ==
          "CREATE TABLE t (a BIGINT AUTO_INCREMENT, b DATETIME(6), c VARCHAR(9), d LONGTEXT, "
          "e VARCHAR(64) COLLATE utf8mb4_bin) ENGINE=InnoDB");
    CHECK(from(files)[0].statements[0] ==
          "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b INTEGER, c TEXT, d TEXT, e TEXT)");
}

TEST_CASE("An @ that is no placeholder stays, and an unknown placeholder is refused with the file's name") {
    CHECK(from({{"0001_x.sql", "SELECT 'a@b.c'"}})[0].statements[0] == "SELECT 'a@b.c'");
    CHECK(tests::contains(refusal_of({{"0001_x.sql", "SELECT @idd@"}}), "0001_x.sql has the unknown placeholder @idd@"));
    CHECK(tests::contains(refusal_of({{"0001_x.sql", "SELECT @text(x)@"}}), "@text(x)@"));
}

TEST_CASE("Files are ordered by number, and another backend's are left out") {
    const auto found =
        from({{"0010_ten.sql", "SELECT 10"}, {"0002_two.mysql.sql", "SELECT 'my'"}, {"0002_two.sqlite.sql", "SELECT 'lite'"}});
    REQUIRE(found.size() == 2);
    CHECK(found[0].version == 2);
    CHECK(found[0].name == "two");
    CHECK(found[0].statements[0] == "SELECT 'lite'");
    CHECK(found[1].version == 10);
}

TEST_CASE("A file without a number, twice the same number, and a file without statements are refused") {
    CHECK(tests::contains(refusal_of({{"initial.sql", "SELECT 1"}}), "initial.sql has no name like"));
    CHECK(tests::contains(refusal_of({{"0001.sql", "SELECT 1"}}), "has no name like"));
    CHECK(tests::contains(refusal_of({{"0001_a.txt", "SELECT 1"}}), "has no name like"));
    CHECK(tests::contains(refusal_of({first, {"0001_other.sql", "SELECT 1"}}), "same number"));
    CHECK(tests::contains(refusal_of({{"0001_a.sql", "-- nothing"}}), "has no statement"));
    CHECK(tests::contains(refusal_of({{"0001_a.sql", "-- compatible: 2\nSELECT 1"}}), "compatible"));
}

TEST_CASE("The checksum is the SHA-256 of the file as it is") {
    CHECK(from({{"0001_a.sql", "SELECT 1;\n"}})[0].checksum ==
          "b4e0497804e46e0a0b0b8c31975b062152d551bac49c3c2e80932567b4085dcd");
}

TEST_CASE("A migration is compatible with itself only, unless its first comment says otherwise") {
    CHECK(from({{"0003_a.sql", "SELECT 1"}})[0].compatible == 3);
    CHECK(from({{"0003_a.sql", "-- About something.\n-- compatible: 1\nSELECT 1"}})[0].compatible == 1);
    CHECK(from({{"0003_a.sql", "SELECT 1;\n-- compatible: 1\n"}})[0].compatible == 3);
}

TEST_CASE("The line `-- down` begins what takes the step back") {
    const Migration both = from({{"0001_a.sql", "CREATE TABLE a (b @time@);\n-- down\nDROP TABLE a;\nSELECT '-- down';\n"}})[0];
    CHECK(both.statements == std::vector<std::string>{"CREATE TABLE a (b INTEGER)"});
    CHECK(both.down == std::vector<std::string>{"DROP TABLE a", "SELECT '-- down'"});
    CHECK(from({first})[0].down.empty());
    CHECK(tests::contains(refusal_of({{"0001_a.sql", "-- down\nDROP TABLE a"}}), "has no statement"));
}

TEST_CASE("A down part may be added or mended later: the checksum is of what is applied") {
    const auto checksum = [](std::string_view content) { return from({{"0001_a.sql", content}})[0].checksum; };
    CHECK(checksum("SELECT 1;\n-- down\nSELECT 2;\n") == checksum("SELECT 1;\n"));
}
