// What the tests of config share: a folder of their own, loading with nothing of the real environment, and errors as text.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "app/base/error.hpp"
#include "config/config.hpp"

namespace config {

class TemporaryFolder {
   public:
    TemporaryFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "dewar_config_XXXXXX").string();
        REQUIRE(mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code error;
        std::filesystem::remove_all(path_, error);
    }

    std::string path(const std::string& name = "") const { return name.empty() ? path_ : path_ + "/" + name; }

    // Returns the file's path.
    std::string write(const std::string& name, std::string_view content) const {
        std::ofstream(path(name), std::ios::binary) << content;
        return path(name);
    }

   private:
    std::string path_;
};

// The message of the Error(invalid) that `action` throws; fails the test if it throws none.
template <class Action>
std::string message_of(Action action) {
    try {
        action();
    } catch (const app::base::Error& error) {
        CHECK(error.code() == app::base::Code::invalid);
        CHECK(error.message().find('\n') == std::string::npos);
        return error.message();
    }
    FAIL("no error");
    return {};
}

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// Loading without a .env, unless `sources` names one.
inline Loaded load_with(std::string_view name, Environment::Variables variables, Sources sources = {}) {
    if (sources.dotenv_path == ".env") sources.dotenv_path = "/nonexistent/.env";
    return load(name, Environment(std::move(variables)), sources);
}

inline std::string error_of(std::string_view name, Environment::Variables variables, Sources sources = {}) {
    return message_of([&] { load_with(name, variables, sources); });
}

// A config named "mine" of the given TOML, in a folder that goes before the embedded files.
inline Loaded load_toml(std::string_view toml) {
    const TemporaryFolder folder;
    folder.write("mine.toml", toml);
    return load_with("mine", {}, {.overrides = {}, .config_folder = folder.path()});
}

// The error about such a config, without its folder: "mine.toml:1: ...".
inline std::string toml_error(std::string_view toml) {
    const TemporaryFolder folder;
    folder.write("mine.toml", toml);
    std::string message = error_of("mine", {}, {.overrides = {}, .config_folder = folder.path()});
    if (message.starts_with(folder.path() + "/")) message.erase(0, folder.path().size() + 1);
    return message;
}

inline const Effective& effective(const Loaded& loaded, std::string_view key) {
    const auto found = std::ranges::find(loaded.settings, key, &Effective::key);
    REQUIRE(found != loaded.settings.end());
    return *found;
}

}  // namespace config
