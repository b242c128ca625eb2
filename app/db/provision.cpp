#include "app/db/provision.hpp"

#include <filesystem>

#include "app/db/mysql.hpp"
#include "app/db/sqlite.hpp"
#include "app/db/sqlite_file.hpp"
#include "app/db/url.hpp"

namespace app::db {

namespace {

Place find_file(const Url& url) {
    if (url.temporary) return {.location = "a temporary file", .exists = false};
    const std::filesystem::path file = std::filesystem::absolute(url.path).lexically_normal();
    std::error_code error;
    const bool exists = std::filesystem::file_size(file, error) > 0 && !error;
    if (exists) prepare_sqlite_file(file.string(), false);
    return {.location = file.string(), .exists = exists};
}

}  // namespace

Place find_place(const Options& options) {
    const Url url = parse_url(options.url);
    return url.backend == Backend::sqlite ? find_file(url) : find_mysql_place(url, options);
}

void create_database(const Options& options) {
    const Url url = parse_url(options.url);
    if (url.backend == Backend::mysql) return create_mysql_database(url, options);
    if (!url.temporary) prepare_sqlite_file(std::filesystem::absolute(url.path).lexically_normal().string(), true);
}

const Dialect& dialect_of(const Options& options) {
    return parse_url(options.url).backend == Backend::sqlite ? sqlite_dialect : mysql_dialect;
}

}  // namespace app::db
