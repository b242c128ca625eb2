#include "app/base/error.hpp"
#include "app/db/database.hpp"
#include "app/db/sqlite.hpp"
#include "app/db/url.hpp"

namespace app::db {

std::unique_ptr<Database> open(const Options& options) {
    const Url url = parse_url(options.url);
    switch (url.backend) {
        case Backend::sqlite: return open_sqlite(url, options);
        case Backend::mysql: break;
    }
    throw base::Error(
        base::Code::invalid,
        "MySQL is not built into this version yet: set DATABASE_URL to sqlite:///instance/dewar.sqlite, for example");
}

}  // namespace app::db
