// What DATABASE_URL says: which backend, and where. The parts a backend needs, decoded; never printed, for it may hold a
// password.
#pragma once

#include <string>
#include <string_view>

namespace app::db {

enum class Backend { sqlite, mysql };

struct Url {
    Backend backend = Backend::sqlite;
    std::string path;        // sqlite: the file, as written (relative to the working directory, or absolute); empty: temporary
    bool temporary = false;  // sqlite: a file of its own that goes when the database is closed
};

// Reads `sqlite:///relative/path`, `sqlite:////absolute/path`, `sqlite:temporary` or `mysql://user:password@host/name`, with
// %XX for a byte of a path. Throws invalid, saying which forms are known, for anything else: another scheme, a missing path, a
// broken %, an unescaped `?` or `#`, and `:memory:`. No message quotes the URL beyond its scheme.
Url parse_url(std::string_view url);

}  // namespace app::db
