// dump and load on whichever backend this run is for.
#include "app/archive/dump.hpp"

#include <thread>

#include "app/base/sha256.hpp"
#include "tests/unit/archive/support.hpp"

namespace {

using app::archive::Replace;
using app::archive::Summary;
using app::base::Code;

// A filled database and its dump in a file.
struct Dumped {
    tests::TemporaryFolder folder;
    std::unique_ptr<app::db::Database> database = tests::deployed();
    Summary summary;
    std::string bytes;
    std::string file = folder / "dump.gz";

    Dumped() {
        tests::fill(*database);
        bytes = tests::dump_of(*database, &summary);
        tests::write_text(file, bytes);
    }
};

std::string sum_of(std::string_view text) {
    app::base::Sha256 sum;
    sum.add(text);
    return sum.hex();
}

}  // namespace

TEST_CASE("A dump is text in a gzip stream, with each row once, in the order of the keys, and sums that everybody can check") {
    const Dumped dumped;
    const std::string text = tests::decompressed(dumped.bytes);
    CHECK(text.starts_with("dewar-dump format=1 schema=" + std::to_string(dumped.summary.header.schema) +
                           " dialect=" + std::string(dumped.database->dialect().name) + " made=20"));
    const std::size_t first = text.find('\n') + 1;
    const std::size_t end = text.rfind("end ");
    const std::size_t rows = text.rfind("rows ", end);
    CHECK(text.substr(rows) == "rows " + std::to_string(dumped.summary.rows) + " " + sum_of(text.substr(first, rows - first)) +
                                   "\nend " + sum_of(text.substr(0, end)) + "\n");
    CHECK(tests::contains(text,
                          "\n3\t1\ta\\0b\\\\c\\td\\ne\\rf\\\\N\\\\.\\0\t\t1795337946123456\t1795337946123456\t0\t1\n5\t7\t\t\t"));
    CHECK(tests::contains(text, "\n7\t100\t1795337946123456\n7\t101\t"));
    CHECK(tests::contains(text, "\n\\.\t2400\ntable totals name:text slot:integer amount:integer\ncomments\t0\t0\n"));
    auto filled = dumped.summary.tables;
    std::erase_if(filled, [](const auto& table) { return table.second == 0; });
    CHECK(filled ==
          decltype(filled){{"roles", 1}, {"users", 1202}, {"posts", 4}, {"comments", 1}, {"follows", 2400}, {"totals", 64}});
    CHECK(dumped.summary.tables.size() == app::archive::tables().size());
    CHECK(dumped.summary.rows == 3672);
    CHECK(dumped.summary.bytes == std::ssize(dumped.bytes));
}

TEST_CASE("What was loaded gives the same rows in the next dump, and new rows get larger ids") {
    const Dumped dumped;
    const auto target = tests::deployed();
    const Summary loaded = tests::load(*target, dumped.file, Replace::no);
    CHECK(loaded.rows == dumped.summary.rows);
    CHECK(loaded.checksum == dumped.summary.checksum);
    Summary again;
    tests::dump_of(*target, &again);
    CHECK(again.rows_checksum == dumped.summary.rows_checksum);
    const auto id = target->write([](tests::Connection& connection) {
        return connection
            .execute("INSERT INTO posts (author_id, body, body_html, created_at, updated_at) "
                     "SELECT author_id, body, body_html, created_at, updated_at FROM posts WHERE id = 3")
            .last_insert_id;
    });
    CHECK(id == 1'000'000'000'001);
}

TEST_CASE("A database with rows is not loaded into, unless they are to be replaced") {
    const Dumped dumped;
    const auto target = tests::deployed();
    target->write([](tests::Connection& connection) { tests::add_user(connection, 1, "zoe", {}); });
    const auto error = tests::error_of([&] { tests::load(*target, dumped.file, Replace::no); });
    REQUIRE(error);
    CHECK(error->code() == Code::conflict);
    CHECK(error->message() ==
          "the database has rows already, in users for example: load into a new one, or say --replace to lose them");
    CHECK(tests::count(*target, "users") == 1);
    tests::load(*target, dumped.file, Replace::yes);
    Summary again;
    tests::dump_of(*target, &again);
    CHECK(again.rows_checksum == dumped.summary.rows_checksum);
}

TEST_CASE("A dump in which a row refers to nothing is not loaded, and nothing of it remains") {
    const Dumped dumped;
    const auto source = tests::deployed();
    std::string bytes;
    {
        // As dump would write it, if foreign keys had been off: a post of nobody.
        std::string text = tests::decompressed(tests::dump_of(*source));
        const std::size_t posts = text.find("table posts");
        const std::size_t at = text.find('\n', posts) + 1;
        text.insert(at, "1\t99\tbody\thtml\t5\t5\t0\t1\n");
        text.replace(text.find("\\.\t0", at), 4, "\\.\t1");
        const std::size_t first = text.find('\n') + 1;
        text.resize(text.rfind("rows "));
        const std::string sum = sum_of(std::string_view(text).substr(first));
        text += "rows 66 " + sum + "\n";
        text += "end " + sum_of(text) + "\n";
        bytes = tests::compressed(text);
    }
    tests::write_text(dumped.folder / "orphan.gz", bytes);
    const auto target = tests::deployed();
    const auto error = tests::error_of([&] { tests::load(*target, dumped.folder / "orphan.gz", Replace::no); });
    REQUIRE(error);
    CHECK(error->code() == Code::conflict);
    CHECK(tests::count(*target, "posts") == 0);
    CHECK(tests::count(*target, "roles") == 1);
}

TEST_CASE("A dump that is damaged leaves the database as it was, wherever the damage is") {
    const Dumped dumped;
    const auto target = tests::deployed();
    Summary before, after;
    tests::dump_of(*target, &before);
    int refused = 0;
    for (std::size_t i = 0; i < 20; ++i) {
        std::string bytes = dumped.bytes;
        bytes[10 + (bytes.size() - 11) * i / 19] ^= 0x10;
        tests::write_text(dumped.file, bytes);
        // There may be two ways to compress the same bytes: then a flipped bit is no damage.
        const auto error = tests::error_of([&] { after = app::archive::verify(*target, dumped.file); });
        if (!error) {
            CHECK(after.checksum == dumped.summary.checksum);
            continue;
        }
        ++refused;
        CHECK(error->code() == Code::invalid);
        CHECK(tests::error_of([&] { app::archive::load(*target, dumped.file, dumped.summary, Replace::yes); }));
        tests::write_text(dumped.file, std::string_view(dumped.bytes).substr(0, dumped.bytes.size() * i / 20));
        CHECK(tests::error_of([&] { app::archive::load(*target, dumped.file, dumped.summary, Replace::yes); }));
    }
    CHECK(refused > 10);
    tests::dump_of(*target, &after);
    CHECK(after.rows_checksum == before.rows_checksum);
}

TEST_CASE("A dump that is another one than was verified is not loaded") {
    const Dumped dumped;
    const auto target = tests::deployed();
    const Summary verified = app::archive::verify(*target, dumped.file);
    tests::write_text(dumped.file, tests::dump_of(*target));
    const auto error = tests::error_of([&] { app::archive::load(*target, dumped.file, verified, Replace::no); });
    REQUIRE(error);
    CHECK(error->message() == dumped.file + " has changed since it was checked: nothing was loaded");
    CHECK(tests::count(*target, "roles") == 1);
}

TEST_CASE("A dump has the rows of one moment, though others write meanwhile") {
    const Dumped dumped;
    std::string bytes;
    std::int64_t pieces = 0;
    const Summary summary = app::archive::dump(*dumped.database, [&](std::string_view piece) {
        std::thread([&] {
            dumped.database->write([&](tests::Connection& connection) {
                tests::add_user(connection, 10'000 + pieces, "late" + std::to_string(pieces), {});
                connection.execute("DELETE FROM follows WHERE follower_id = 7 AND followed_id = ?", 100 + pieces);
            });
        }).join();
        ++pieces;
        bytes += piece;
    });
    CHECK(pieces > 0);
    CHECK(summary.rows_checksum == dumped.summary.rows_checksum);
}
