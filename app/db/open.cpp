#include "app/db/database.hpp"
#include "app/db/mysql.hpp"
#include "app/db/sqlite.hpp"
#include "app/db/url.hpp"

namespace app::db {

std::unique_ptr<Database> open(const Options& options) {
    const Url url = parse_url(options.url);
    return url.backend == Backend::sqlite ? open_sqlite(url, options) : open_mysql(url, options);
}

}  // namespace app::db
