// Copies of an SQLite file, page by page, while it is in use; and one of them put in its place. A copy counts only after it was opened
// and checked: its structure (PRAGMA integrity_check), its foreign keys, and a schema that this binary knows.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "app/db/database.hpp"

namespace app::db {

// Who wants to know how it goes, in pages of the file. May be empty.
using OnPages = std::function<void(std::int64_t done, std::int64_t total)>;

struct Backup {
    std::int64_t bytes = 0;
    std::int64_t schema_version = 0;
    bool outdated = false;  // migrations that this binary knows are missing
};

// The file of options' database, as an absolute path. Throws invalid, in one line, for one on a server, with what copies that, and for
// a temporary one.
std::string backed_up_file(const Options& options);

// Copies the database as it is at one moment into a new file of mode 0600 at `file`, which needs no other beside it; keeps nobody from
// reading or writing. Throws conflict if there is something at `file`; unavailable for a database that is not there, or damaged, or
// of a schema that this binary cannot live with, and for a file that cannot be written.
Backup back_up(const Options& options, const std::string& file, const OnPages& on_pages = {});

struct Restored {
    Backup backup;
    std::string kept;  // where the replaced database is now; empty: there was none
};

// Puts a copy of the backup at `file` in the place of options' database, which is kept beside it under a name that ends in
// ".before-restore-" and `when`. The new one has its owner and mode 0600. At every moment there is one of the two. Throws
// unavailable, and changes nothing, when somebody has the database open, and for a backup that is not whole, as back_up.
Restored restore(const Options& options, const std::string& file, const std::string& when, const OnPages& on_pages = {});

}  // namespace app::db
