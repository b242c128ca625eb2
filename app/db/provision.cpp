#include "app/db/provision.hpp"

#include <filesystem>

#include "app/base/error.hpp"
#include "app/db/sqlite.hpp"
#include "app/db/sqlite_file.hpp"
#include "app/db/url.hpp"

namespace app::db {

namespace {

[[noreturn]] void refuse_mysql() {
    throw base::Error(
        base::Code::invalid,
        "MySQL is not built into this version yet: set DATABASE_URL to sqlite:///instance/dewar.sqlite, for example");
}

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
    switch (url.backend) {
        case Backend::sqlite: return find_file(url);
        case Backend::mysql: break;
    }
    refuse_mysql();
}

void create_database(const Options& options) {
    const Url url = parse_url(options.url);
    switch (url.backend) {
        case Backend::sqlite:
            if (!url.temporary) prepare_sqlite_file(std::filesystem::absolute(url.path).lexically_normal().string(), true);
            return;
        case Backend::mysql: break;
    }
    refuse_mysql();
}

const Dialect& dialect_of(const Options& options) {
    switch (parse_url(options.url).backend) {
        case Backend::sqlite: return sqlite_dialect;
        case Backend::mysql: break;
    }
    refuse_mysql();
}

}  // namespace app::db
