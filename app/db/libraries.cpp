#include "app/db/libraries.hpp"

#include <mysql.h>
#include <sqlite3.h>

namespace app::db {

namespace {

// MariaDB's client has a number of its own, "3.3.20"; MySQL's has the server's.
#ifdef MARIADB_PACKAGE_VERSION
constexpr const char* client_version = MARIADB_PACKAGE_VERSION;
#else
constexpr const char* client_version = MYSQL_SERVER_VERSION;
#endif

}  // namespace

std::vector<base::Library> libraries() {
    return {{"mariadb", client_version, ::mysql_get_client_info()}, {"sqlite3", SQLITE_VERSION, ::sqlite3_libversion()}};
}

}  // namespace app::db
