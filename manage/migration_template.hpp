// The file of a new migration, for `manage migrate new`.
#pragma once

#include <string>
#include <string_view>

namespace manage {

// Writes app/db/migrations/NNNN_name.sql with the next free number, in the checkout of Dewar's sources that the working directory is
// in, and returns its path. Throws invalid for a name that is none or is taken, and for another folder; unavailable when it cannot be
// written.
std::string write_migration(std::string_view name);

}  // namespace manage
