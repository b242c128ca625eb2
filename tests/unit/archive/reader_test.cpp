// What a reader says of files that are no whole dump.
#include "app/archive/reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/archive/support.hpp"

namespace {

// The dump of a database that has roles alone, as its text.
const std::string& sample() {
    static const std::string text = [] { return tests::decompressed(tests::dump_of(*tests::deployed("sqlite:temporary"))); }();
    return text;
}

std::int64_t latest() { return app::db::migrations(app::db::open({.url = "sqlite:temporary"})->dialect()).back().version; }

// What verify says of a file with these bytes, without its name in front; "" when nothing is wrong.
std::string verdict(const std::string& bytes) {
    static const auto database = tests::deployed("sqlite:temporary");
    const tests::TemporaryFolder folder;
    tests::write_text(folder / "dump.gz", bytes);
    const auto error = tests::error_of([&] { app::archive::verify(*database, folder / "dump.gz"); });
    if (!error) return {};
    CHECK(error->code() == app::base::Code::invalid);
    CHECK(error->message().starts_with((folder / "dump.gz") + " "));
    return error->message().substr((folder / "dump.gz").size() + 1);
}

std::string replaced(std::string text, const std::string& part, const std::string& other) {
    REQUIRE(tests::contains(text, part));
    return text.replace(text.find(part), part.size(), other);
}

}  // namespace

TEST_CASE("A whole dump is fine, however it was compressed") { CHECK(verdict(tests::compressed(sample())).empty()); }

TEST_CASE("A file that is no dump is told as such") {
    CHECK(verdict("") == "is no dump of Dewar: it is not compressed as one");
    CHECK(verdict("SQLite format 3") == "is no dump of Dewar: it is not compressed as one");
    CHECK(verdict(sample()) == "is no dump of Dewar: it is not compressed as one");
    CHECK(verdict(tests::compressed("-- MariaDB dump\n")) == "is no dump of Dewar: its first line is another");
}

TEST_CASE("A newer format, and a dump of another schema, say which version can load them") {
    CHECK(verdict(tests::compressed(replaced(sample(), "format=1", "format=2"))) ==
          "is a dump in format 2, of which this binary reads 1: load it with the version that wrote it");
    const std::string schema = std::to_string(latest());
    const std::string older = verdict(tests::compressed(replaced(sample(), "schema=" + schema, "schema=0")));
    CHECK(older == "was dumped at schema version 0, the database has " + schema +
                       ": load it into a new database with the version that wrote it, then run this version's `manage deploy`");
    const std::string newer = verdict(tests::compressed(replaced(sample(), "schema=" + schema, "schema=99")));
    CHECK(newer ==
          "was dumped at schema version 99, the database has " + schema +
              ": run `manage deploy` and `manage load` of the version that wrote it, or of a newer one with that schema");
}

TEST_CASE("A dump that ends early is cut off, wherever it does") {
    const std::string bytes = tests::compressed(sample());
    for (std::size_t size = 2; size < bytes.size(); ++size) {
        CHECK_MESSAGE(verdict(bytes.substr(0, size)) == "is cut off: its end is missing", size);
    }
    for (const char* line : {"table posts", "rows ", "end "}) {
        CHECK(verdict(tests::compressed(sample().substr(0, sample().find(line)))) == "is cut off: its last line is missing");
    }
}

TEST_CASE("A dump that has changed is damaged, and nothing may follow its end") {
    CHECK(verdict(tests::compressed(sample()) + "x") == "is damaged: something follows its end");
    CHECK(verdict(tests::compressed(sample() + "x")) == "is damaged: something follows its end");
    CHECK(verdict(tests::compressed(sample() + "x\n")) == "is damaged: something follows its end");
    CHECK(verdict(tests::compressed(replaced(sample(), "\tUser\t", "\tuser\t"))) ==
          "is damaged: its rows do not add up to their checksum");
    CHECK(verdict(tests::compressed(replaced(sample(), "made=20", "made=30"))) ==
          "is damaged: it does not add up to its checksum");
    CHECK(verdict(tests::compressed(replaced(sample(), "\tUser\t", "\tUs\\er\t"))) ==
          "is damaged: line 3 is no row of the table roles");
    CHECK(verdict(tests::compressed(replaced(sample(), "\\.\t1", "\\.\t2"))) ==
          "is damaged: the table roles has another number of rows");
    CHECK(verdict(tests::compressed(replaced(sample(), "username_key:text", "username:text"))) ==
          "is no dump of this schema: its table users is missing or another");
}

TEST_CASE("What is no regular file is not read") {
    const tests::TemporaryFolder folder;
    REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
    const int reader_and_writer = ::open((folder / "pipe").c_str(), O_RDWR | O_CLOEXEC);
    CHECK(tests::error_of([&] { app::archive::file_source(folder / "pipe"); })->message() ==
          (folder / "pipe") + " cannot be read: it is no regular file");
    ::close(reader_and_writer);
    CHECK(tests::error_of([&] { app::archive::file_source(folder / "no"); })->message() ==
          (folder / "no") + " cannot be read: No such file or directory");
}
