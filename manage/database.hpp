// The database of a config, for commands.
#pragma once

#include <memory>

#include "app/db/database.hpp"
#include "config/config.hpp"

namespace manage {

// As db::open, which makes a missing file if `create` says so. Its threads hold back the signals that end the program, which reach
// the thread of the command alone.
std::unique_ptr<app::db::Database> open_database(const config::Config& config, bool create);

}  // namespace manage
