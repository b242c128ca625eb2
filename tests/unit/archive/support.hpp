// What the tests of this room share: a deployed database with rows of every kind, and dumps in memory and in files.
#pragma once

#include <doctest/doctest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/archive/dump.hpp"
#include "app/base/error.hpp"
#include "app/db/migrate.hpp"
#include "tests/support/checks.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/mariadb.hpp"

namespace tests {

using app::base::Timestamp;
using app::db::Connection;
using app::db::Database;

// With the tables and the roles, as `manage deploy` leaves it.
inline std::unique_ptr<Database> deployed(const std::string& url) {
    auto database = app::db::open({.url = url});
    {
        app::db::Lease lease(*database);
        app::db::migrate(lease, app::db::migrations(database->dialect()));
    }
    database->write([](Connection& connection) {
        connection.execute("INSERT INTO roles (name, permissions, is_default) VALUES ('User', 7, 1)");
    });
    return database;
}

inline std::unique_ptr<Database> deployed() { return deployed(tests::new_database_url()); }

inline std::int64_t count(Database& database, const std::string& table) {
    return database.read([&](Connection& connection) { return connection.integer("SELECT count(*) FROM " + table); });
}

inline void add_user(Connection& connection, std::int64_t id, const std::string& username, Timestamp when) {
    connection.execute(
        "INSERT INTO users (id, email, username, username_key, password_hash, confirmed, role_id, member_since, last_seen) "
        "VALUES (?, ?, ?, ?, 'hash', 1, (SELECT max(id) FROM roles), ?, ?)",
        id, username + "@example.com", username, username, when, when);
}

inline void add_post(Connection& connection, std::int64_t id, std::int64_t author_id, const std::string& body, Timestamp when) {
    connection.execute(
        "INSERT INTO posts (id, author_id, body, body_html, created_at, updated_at, comment_count) VALUES (?, ?, ?, '', ?, ?, 0)",
        id, author_id, body, when, when);
}

// Every kind of value: NUL, emoji, the bytes that a dump writes otherwise, empty, long, the largest integers, times before the epoch;
// ids with gaps; and so many rows of the table with two key columns that they fill several pages.
inline void fill(Database& database) {
    using std::chrono::microseconds;
    database.write([](Connection& connection) {
        const Timestamp late{microseconds{1795337946'123456}}, early{microseconds{-2208988800'000000 + 1}};
        add_user(connection, 1, "ann", late);
        add_user(connection, 7, "café🍵", early);
        connection.execute("UPDATE users SET token_version = ? WHERE id = 7", INT64_MAX);
        connection.execute("UPDATE users SET post_count = ? WHERE id = 7", INT64_MIN);
        add_post(connection, 3, 1, std::string("a\0b\\c\td\ne\rf\\N\\.\0", 16), late);
        add_post(connection, 5, 7, "", early);
        add_post(connection, 1'000'000'000'000, 7, "🍵 \u202E 'x' \"y\" ; -- %", late);
        add_post(connection, 6, 1, std::string(1 << 20, 'x') + "\t", late);
        connection.execute("INSERT INTO comments (id, post_id, author_id, body, body_html, created_at, disabled) "
                           "VALUES (2, 3, 7, 'c', '<p>c</p>', ?, 1)",
                           late);
        for (std::int64_t id = 100; id < 1300; ++id) add_user(connection, id, "u" + std::to_string(id), late);
        for (std::int64_t id = 100; id < 1300; ++id) {
            connection.execute("INSERT INTO follows (follower_id, followed_id, created_at) VALUES (7, ?, ?)", id, late);
            connection.execute("INSERT INTO follows (follower_id, followed_id, created_at) VALUES (?, 1, ?)", id, late);
        }
    });
}

// The dump of a database as a file's bytes.
inline std::string dump_of(Database& database, app::archive::Summary* summary = nullptr) {
    std::string bytes;
    const auto found = app::archive::dump(database, [&](std::string_view piece) { bytes += piece; });
    if (summary) *summary = found;
    return bytes;
}

// As `manage load` does it.
inline app::archive::Summary load(Database& database, const std::string& file, app::archive::Replace replace) {
    return app::archive::load(database, file, app::archive::verify(database, file), replace);
}

// As zcat and gzip do it.
inline std::string decompressed(const std::string& bytes) {
    std::string text(bytes.size() * 40 + (4 << 20), '\0');
    z_stream stream{};
    REQUIRE(inflateInit2(&stream, 31) == Z_OK);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(text.data());
    stream.avail_out = static_cast<uInt>(text.size());
    CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
    text.resize(stream.total_out);
    inflateEnd(&stream);
    return text;
}

inline std::string compressed(const std::string& text) {
    std::string bytes(text.size() + (64 << 10), '\0');
    z_stream stream{};
    REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
    stream.avail_out = static_cast<uInt>(bytes.size());
    CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    bytes.resize(stream.total_out);
    deflateEnd(&stream);
    return bytes;
}

}  // namespace tests
