// MySQL and what speaks its protocol (MariaDB, Galera, TiDB, Vitess): a bounded pool of connections to the first server that
// answers, and writes that are run again where the server says that trying again is right.
#pragma once

#include <memory>

#include "app/db/database.hpp"
#include "app/db/url.hpp"

namespace app::db {

extern const Dialect mysql_dialect;

// Connects once, so that what is wrong is told at once. Throws unavailable in one line with what to type: no server there, host
// unknown, password wrong, account bound to the Unix socket, no right on the database, no such database, no TLS where it was
// asked for, or no quorum.
std::unique_ptr<Database> open_mysql(const Url& url, const Options& options);

}  // namespace app::db
