// The schema as numbered SQL files that are compiled into the binary: `manage deploy` applies those that a database lacks, and
// every other command asks whether it has those it needs. What was applied stands in the table schema_migrations.
//
// A file is named 0001_initial.sql, or 0001_initial.sqlite.sql beside 0001_initial.mysql.sql where the backends must differ. It
// may use @id@ @time@ @text@ @text(n)@ @exact(n)@ @engine@, which the dialect fills. A comment before the first statement,
// `-- compatible: 3`, says that binaries that know the schema up to version 3 can live with this one as well, so that a rolling
// deploy does not stop the old instances; without it only binaries that know the file can.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/embedded.hpp"
#include "app/base/function_ref.hpp"
#include "app/db/database.hpp"

namespace app::db {

struct Migration {
    std::int64_t version = 0;
    std::string name;             // the file's, without number and endings: "initial"
    std::string checksum;         // SHA-256 of the file as it is, in hexadecimal
    std::int64_t compatible = 0;  // the oldest schema version whose binaries can live with this one
    std::vector<std::string> statements;
};

// The embedded migrations for this dialect, by version. Throws internal when a file is wrong: no number, a version twice, an
// unknown placeholder, no statement, or an open quote.
std::vector<Migration> migrations(const Dialect& dialect);

// The same from any files.
std::vector<Migration> migrations(const Dialect& dialect, std::span<const base::EmbeddedFile> files);

// The statements of a script, without comments and the semicolons between them. Semicolons in quotes, comments and the body
// of a trigger (BEGIN to END) separate nothing. Throws internal when a quote or a comment does not end.
std::vector<std::string> split_statements(std::string_view script);

// How a database stands to the migrations that this binary knows.
struct Schema {
    enum class State {
        current,
        outdated,    // `pending` are missing
        unfinished,  // a step of it was interrupted
        changed,     // an applied file is not what it was, or not known here
        newer        // it has migrations that this binary does not know and cannot live with
    };
    State state = State::current;
    std::int64_t version = 0;  // the highest one applied; 0: none
    std::int64_t latest = 0;   // the highest one known here
    std::vector<Migration> pending;
    std::string problem;  // one line, with the command that mends it; empty if the state is current
};

// Throws what reading throws.
Schema inspect(Database& database, std::span<const Migration> migrations);

// Returns if the schema is current. Throws unavailable with the schema's problem if not.
void require_current(Database& database, std::span<const Migration> migrations);

struct Applied {
    std::int64_t version = 0;
    std::string name;
    std::int64_t duration_ms = 0;
};

// Applies what is pending, in order, and calls on_step after each; returns what this call applied. Each step is one transaction
// with its row in the journal, so that a step which fails leaves nothing and those before it stay; of several at the same time
// each step is applied by one. Throws unavailable for a schema that is changed or newer, else what the failing statement threw,
// with the migration's name in front. Only for backends with transactional DDL.
std::vector<Applied> migrate(Database& database, std::span<const Migration> migrations,
                             base::FunctionRef<void(const Applied&)> on_step);

}  // namespace app::db
