#include "manage/command.hpp"

#include <unistd.h>

#include "app/app.hpp"
#include "app/base/crash.hpp"
#include "app/base/error.hpp"
#include "app/base/log.hpp"
#include "app/base/new_file.hpp"
#include "app/db/schema.hpp"
#include "manage/terminal.hpp"

namespace manage {

std::optional<std::string> Invocation::find(std::string_view option) const {
    const auto found = values_.find(option);
    if (found == values_.end()) return std::nullopt;
    return found->second.back();
}

std::vector<std::string> Invocation::all(std::string_view option) const {
    const auto found = values_.find(option);
    return found == values_.end() ? std::vector<std::string>{} : found->second;
}

std::string Invocation::get(std::string_view option) const {
    if (auto value = find(option)) return *std::move(value);
    throw app::base::Error(app::base::Code::internal, "the option " + std::string(option) + " has no value");
}

const config::Loaded& Invocation::loaded() {
    if (loaded_) return *loaded_;
    config::Sources sources;
    for (const Option& option : command_.options) {
        if (option.setting.empty()) continue;
        if (auto value = find(option.name)) sources.overrides.push_back({option.setting, *std::move(value), option.name});
    }
    try {
        loaded_ = config::load(find("--config").value_or(""), config::Environment::of_process(), sources);
    } catch (const app::base::Error& error) {
        if (error.message().starts_with("command line ")) throw UsageError(error.message());
        throw;
    }
    app::base::place_crash_reports(loaded_->config.log.crash_folder);
    app::base::set_up_log({.level = loaded_->config.log.level, .format = loaded_->config.log.format});
    return *loaded_;
}

app::db::Database& Invocation::database() {
    if (!database_) {
        auto opened = app::db::open(app::database_options(config()));
        app::db::require_current(*opened, app::db::migrations(opened->dialect()));
        database_ = std::move(opened);
    }
    return *database_;
}

void Invocation::print(std::string_view text) const { write_all(STDOUT_FILENO, text); }

void Invocation::print_or_save(std::string_view text) const {
    const auto path = find("--output");
    if (!path) return print(text);
    app::base::NewFile file(*path, app::base::NewFile::Existing::replace);
    file.write(text);
    file.keep();
}

}  // namespace manage
