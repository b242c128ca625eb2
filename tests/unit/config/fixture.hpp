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
#include "tests/support/checks.hpp"
#include "tests/support/folder.hpp"

namespace config {

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

using tests::contains;
using tests::TemporaryFolder;

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
    tests::write_text(folder / "mine.toml", toml);
    return load_with("mine", {}, {.overrides = {}, .config_folder = folder.path()});
}

// The error about such a config, without its folder: "mine.toml:1: ...".
inline std::string toml_error(std::string_view toml) {
    const TemporaryFolder folder;
    tests::write_text(folder / "mine.toml", toml);
    std::string message = error_of("mine", {}, {.overrides = {}, .config_folder = folder.path()});
    if (message.starts_with((folder / ""))) message.erase(0, (folder / "").size());
    return message;
}

inline const Effective& effective(const Loaded& loaded, std::string_view key) {
    const auto found = std::ranges::find(loaded.settings, key, &Effective::key);
    REQUIRE(found != loaded.settings.end());
    return *found;
}

}  // namespace config
