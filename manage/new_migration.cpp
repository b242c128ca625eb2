// `manage new migration`, which `manage migrate new` is too.
#include <algorithm>
#include <filesystem>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "manage/new.hpp"

namespace manage {

namespace {

using app::base::Code;
using app::base::Error;
using app::web::Value;

constexpr std::size_t migration_name_bytes_max = 64;
constexpr std::string_view folder = "app/db/migrations/";

// What becomes of the name is a file's: unlike an identifier it may be any word.
bool is_name(std::string_view name) {
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    return !name.empty() && name.size() <= migration_name_bytes_max && is_letter(name.front()) &&
           std::ranges::all_of(name, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

std::string numbered(std::int64_t version) {
    const std::string digits = std::to_string(version);
    return std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

}  // namespace

std::string plan_migration(Growth& growth, const std::string& name) {
    return plan_migration(growth, name, "migration_empty.sql", {});
}

std::string plan_migration(Growth& growth, const std::string& name, std::string_view template_name, Value::Object values) {
    if (!is_name(name)) {
        throw Error(Code::invalid, "a migration's name is made of a-z, 0-9 and _, begins with a letter and has at most " +
                                       std::to_string(migration_name_bytes_max) + " of them, as add_post_title; not " + name);
    }
    std::int64_t latest = 0;
    for (const auto& entry : std::filesystem::directory_iterator(growth.checkout() / folder)) {
        const std::string file = entry.path().filename().string();
        const std::size_t underscore = file.find('_');
        if (underscore == std::string::npos) continue;
        latest = std::max(latest, app::base::parse_integer(file.substr(0, underscore)).value_or(0));
        if (file.substr(underscore + 1, file.find('.') - underscore - 1) == name) {
            throw Error(Code::invalid, "the name is taken by " + entry.path().string());
        }
    }
    values["version"] = std::to_string(latest + 1);
    values["compatible"] = std::to_string(latest);
    const std::string path = std::string(folder) + numbered(latest + 1) + "_" + name + ".sql";
    growth.add(path, template_name, values);
    return path;
}

}  // namespace manage
