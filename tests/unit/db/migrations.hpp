// What the tests of migrations share: sets of files that stand for binaries, and how a database's schema compares to another.
#pragma once

#include <string>
#include <vector>

#include "app/db/migrate.hpp"
#include "app/db/provision.hpp"
#include "tests/unit/db/support.hpp"

namespace tests {

// The migrations of `files` for the backend that this run is for.
inline std::vector<app::db::Migration> from(const std::vector<app::base::EmbeddedFile>& files) {
    const std::string url = tests::backend() == "sqlite" ? "sqlite:temporary" : "mysql://any@any/any";
    return app::db::migrations(app::db::dialect_of({.url = url}), files);
}

inline std::vector<app::db::Applied> bring_up(app::db::Database& database, const std::vector<app::db::Migration>& migrations,
                                              const app::db::Listener& listener = {}) {
    app::db::Lease lease(database);
    return app::db::migrate(lease, migrations, listener);
}

inline std::vector<app::db::Applied> take_back(app::db::Database& database, const std::vector<app::db::Migration>& migrations,
                                               std::int64_t to, const app::db::Listener& listener = {}) {
    app::db::Lease lease(database);
    return app::db::undo(lease, migrations, to, listener);
}

inline void stamp(app::db::Database& database, const std::vector<app::db::Migration>& migrations, std::int64_t version) {
    app::db::Lease lease(database);
    app::db::stamp(lease, migrations, version);
}

// What require_current says; empty if it says nothing.
inline std::string gate(app::db::Database& database, const std::vector<app::db::Migration>& migrations) {
    const auto error = error_of([&] { app::db::require_current(database, migrations); });
    if (!error) return {};
    CHECK(error->code() == app::base::Code::unavailable);
    return error->message();
}

inline std::int64_t count_tables(app::db::Database& database, std::string_view name) {
    return database.read([&](app::db::Connection& c) { return c.integer(c.dialect().count_tables, name); });
}

inline std::int64_t integer(app::db::Database& database, std::string_view sql) {
    return database.read([&](app::db::Connection& connection) { return connection.integer(sql); });
}

inline void execute(app::db::Database& database, std::string_view sql) {
    database.write([&](app::db::Connection& connection) { connection.execute(sql); });
}

}  // namespace tests
