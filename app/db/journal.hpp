// The journal of migrations: the table schema_migrations, one row per migration that was begun. All its SQL is here. Times are the
// database's own, so that several machines agree. For the migration files of this room.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/base/clock.hpp"
#include "app/db/database.hpp"
#include "app/db/migration.hpp"

namespace app::db {

struct Entry {
    std::int64_t version = 0;
    std::string name;
    std::string checksum;
    std::int64_t compatible = 0;
    bool undoing = false;               // it is being taken back; the counts are of its down part
    std::int64_t statements_begun = 0;  // one more than done: that one may have run or not
    std::int64_t statements_done = 0;
    base::Timestamp started_at;
    std::optional<base::Timestamp> finished_at;
};

// By version; nothing when there is no journal. Throws what reading throws.
std::vector<Entry> read_journal(Connection& connection);
std::optional<Entry> find_entry(Connection& connection, std::int64_t version);

// Makes the table if it is missing.
void prepare_journal(Database& database);
std::string journal_table_sql(const Dialect& dialect);

void add_entry(Connection& connection, const Migration& migration);
void change_to_undoing(Connection& connection, std::int64_t version);
void change_begun(Connection& connection, std::int64_t version, std::int64_t statements);
void change_done(Connection& connection, std::int64_t version, std::int64_t statements);
void change_to_finished(Connection& connection, std::int64_t version);
void remove_entry(Connection& connection, std::int64_t version);

// An entry that is finished, as SQL to be run by hand.
std::string finished_entry_sql(const Dialect& dialect, const Migration& migration);

}  // namespace app::db
