#include "manage/migration_template.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "manage/checkout.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace {

namespace fs = std::filesystem;
using app::base::Code;
using app::base::Error;

constexpr std::size_t name_bytes_max = 64;

bool is_name(std::string_view name) {
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    return !name.empty() && name.size() <= name_bytes_max && is_letter(name.front()) &&
           std::ranges::all_of(name, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

fs::path find_migrations() {
    if (const auto checkout = find_checkout(fs::current_path())) return *checkout / "app/db/migrations";
    throw Error(Code::invalid,
                "this is no checkout of Dewar's sources: migrations are compiled in, so go to one and type it there");
}

std::string numbered(std::int64_t version) {
    const std::string digits = std::to_string(version);
    return std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

std::string content(std::int64_t version) {
    return "-- compatible: " + std::to_string(version) +
           "\n-- What this changes, and why. The number above is the oldest schema version whose binaries can live with the "
           "change: set it\n"
           "-- to " +
           std::to_string(version - 1) +
           " if those that run now can, so that a rolling deploy does not stop them. See app/db/migration.hpp.\n"
           "\n-- down\n";
}

}  // namespace

std::string write_migration(std::string_view name) {
    if (!is_name(name)) {
        throw Error(Code::invalid, "a migration's name is made of a-z, 0-9 and _, begins with a letter and has at most " +
                                       std::to_string(name_bytes_max) + " of them, as add_post_title; not " + std::string(name));
    }
    const fs::path folder = find_migrations();
    std::int64_t latest = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
        const std::string file = entry.path().filename().string();
        const std::size_t underscore = file.find('_');
        if (underscore == std::string::npos) continue;
        latest = std::max(latest, app::base::parse_integer(file.substr(0, underscore)).value_or(0));
        if (file.substr(underscore + 1, file.find('.') - underscore - 1) == name) {
            throw Error(Code::invalid, "the name is taken by " + entry.path().string());
        }
    }
    const fs::path path = folder / (numbered(latest + 1) + "_" + std::string(name) + ".sql");
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0) {
        throw Error(Code::unavailable, "cannot write " + path.string() + ": " + std::generic_category().message(errno));
    }
    write_all(file, content(latest + 1));
    ::close(file);
    return path.string();
}

}  // namespace manage
