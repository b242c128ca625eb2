#include "app/db/provision.hpp"

#include <filesystem>

#include "app/db/mysql.hpp"
#include "app/db/mysql_provision.hpp"
#include "app/db/sqlite.hpp"
#include "app/db/sqlite_file.hpp"
#include "app/db/url.hpp"

namespace app::db {

namespace {

std::filesystem::path file_of(const Url& url) { return std::filesystem::absolute(url.path).lexically_normal(); }

Place find_file(const Url& url) {
    if (url.temporary) return {.location = "a temporary file"};
    std::error_code error;
    const bool exists = std::filesystem::file_size(file_of(url), error) > 0 && !error;
    if (exists) prepare_sqlite_file(file_of(url).string(), false);
    return {.location = file_of(url).string(), .exists = exists};
}

}  // namespace

Place find_place(const Options& options, int patience_ms) {
    const Url url = parse_url(options.url);
    return url.backend == Backend::sqlite ? find_file(url) : find_mysql_place(url, options, patience_ms);
}

void create_database(const Options& options) {
    const Url url = parse_url(options.url);
    if (url.backend == Backend::mysql) {
        create_mysql_database(url, options);
    } else if (!url.temporary) {
        prepare_sqlite_file(file_of(url).string(), true);
    }
}

const Dialect& dialect_of(const Options& options) {
    return parse_url(options.url).backend == Backend::sqlite ? sqlite_dialect : mysql_dialect;
}

}  // namespace app::db
