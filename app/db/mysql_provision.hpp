// Before there is a database on a MySQL server: see provision.hpp.
#pragma once

#include "app/db/provision.hpp"
#include "app/db/url.hpp"

namespace app::db {

// As find_place and create_database there.
Place find_mysql_place(const Url& url, const Options& options, int patience_ms);
void create_mysql_database(const Url& url, const Options& options);

}  // namespace app::db
