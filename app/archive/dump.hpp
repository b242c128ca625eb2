// All rows of a database into a dump (format.hpp), and a dump's into a database.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "app/archive/format.hpp"
#include "app/db/database.hpp"

namespace app::archive {

// Who wants to know how it goes; called now and then with the number of rows so far. May be empty.
using OnRows = std::function<void(std::int64_t rows)>;

// How many rows a dump would have.
std::int64_t count_rows(db::Database& database);

// Writes the rows as they are at one moment, while others go on writing; `sink` gets the bytes as they come. Throws what
// schema_version and reading throw, and what the sink throws.
Summary dump(db::Database& database, const std::function<void(std::string_view)>& sink, const OnRows& on_rows = {});

// Reads the whole dump at `file` and changes nothing. Throws as DumpReader and schema_version, and invalid for a dump of another
// schema version than the database's, with what to do.
Summary verify(db::Database& database, const std::string& file, const OnRows& on_rows = {});

enum class Replace { no, yes };

// Puts the rows of the dump at `file`, which verify has found to be `verified`, in place of those of the database: all of them or
// none, in one transaction. Ids stay as they are; new rows get larger ones. Throws conflict for a database that has rows in another
// table than those which `manage deploy` fills, unless they may be replaced; invalid for a file that has changed since; and what
// writing throws.
Summary load(db::Database& database, const std::string& file, const Summary& verified, Replace replace,
             const OnRows& on_rows = {});

}  // namespace app::archive
