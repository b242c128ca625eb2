// The schema as numbered SQL files that are compiled into the binary. What is done with them is in migrate.hpp.
//
// A file is named 0001_initial.sql, or 0001_initial.sqlite.sql beside 0001_initial.mysql.sql where the backends must differ:
//
//     -- compatible: 1
//     -- What this changes, and why.
//     ALTER TABLE posts ADD COLUMN title @text(200)@;
//     -- down
//     ALTER TABLE posts DROP COLUMN title;
//
// `-- compatible: 1`, before the first statement, says that binaries that know the schema up to version 1 can live with this one as
// well, so that a rolling deploy does not stop the old instances; without it only binaries that know the file can. What follows the
// line `-- down` takes the step back; without it the step cannot be taken back. @id@ @time@ @text@ @text(n)@ @exact(n)@ @engine@ and
// @on(table)@ are filled by the dialect. A backend without transactional DDL may run a statement again after an interruption: so
// one change per statement, of those whose repetition it notices (CREATE, DROP, ADD) or that are harmless (MODIFY); not RENAME.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/embedded.hpp"
#include "app/db/dialect.hpp"

namespace app::db {

struct Migration {
    std::int64_t version = 0;
    std::string name;             // the file's, without number and endings: "initial"
    std::string checksum;         // SHA-256 of the file as it is, up to its `-- down`, in hexadecimal
    std::int64_t compatible = 0;  // the oldest schema version whose binaries can live with this one
    std::vector<std::string> statements;
    std::vector<std::string> down;  // the statements that take it back; none: it cannot be
};

// "2 (second)", as messages name a migration.
std::string title(std::int64_t version, std::string_view name);

// The embedded migrations for this dialect, by version. Throws internal when a file is wrong: no number, a version twice, an
// unknown placeholder, no statement, or an open quote.
std::vector<Migration> migrations(const Dialect& dialect);

// The same from any files.
std::vector<Migration> migrations(const Dialect& dialect, std::span<const base::EmbeddedFile> files);

// The statements of a script, without comments and the semicolons between them. Semicolons in quotes, comments and the body
// of a trigger (BEGIN to END) separate nothing. Throws internal when a quote or a comment does not end.
std::vector<std::string> split_statements(std::string_view script);

}  // namespace app::db
