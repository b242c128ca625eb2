// SQLite, the embedded default: one file, any number of reading connections, and one writer thread that commits in groups.
#pragma once

#include <memory>

#include "app/db/database.hpp"
#include "app/db/url.hpp"

namespace app::db {

extern const Dialect sqlite_dialect;

// Opens, and with options.create makes, the file that url names; see open() in database.hpp for what is thrown.
std::unique_ptr<Database> open_sqlite(const Url& url, const Options& options);

}  // namespace app::db
