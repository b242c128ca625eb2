// The first administrator, whom `manage deploy` makes of APP_ADMIN and APP_ADMIN_PASSWORD.
#pragma once

#include <string>

#include "app/db/database.hpp"
#include "config/config.hpp"
#include "manage/progress.hpp"

namespace manage {

// Sees to it that the account of APP_ADMIN exists and is an administrator, or says how to make one. Asks for the password on the
// terminal if the config has none. A password that exists stays. Any number of processes may do this at the same time.
void add_administrator(const config::Config& config, app::db::Database& database, Progress& progress);

// What add_administrator would do, as far as can be told without a database: a line.
std::string plan_administrator(const config::Config& config);

}  // namespace manage
