// The versions of the libraries that this room is the home of, of those that tell: SQLite and the MySQL client.
#pragma once

#include "app/base/library.hpp"

namespace app::db {

std::vector<base::Library> libraries();

}  // namespace app::db
