// The table of settings: what there is to set, under which names, within which bounds, and where in Config it lands. Reading,
// checking, reporting and every "did you mean" follow from it; to add a setting is to add a field in config.hpp and a row here.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/config.hpp"

namespace config {

// Where a setting lives; the type is also its kind. A list is written with commas between its parts.
using Field = std::variant<bool& (*)(Config&), int& (*)(Config&), std::int64_t& (*)(Config&), std::string& (*)(Config&),
                           std::vector<std::string>& (*)(Config&)>;

enum class Secrecy {
    open,
    url_password,  // may be shown without the password in it, may stand in a file if it has none
    secret,
};

struct Setting {
    std::string_view key;            // "server.port"
    std::string_view variable = {};  // its own environment variable, beside APP_SERVER__PORT; empty: none
    Field field;
    std::string_view help;
    Secrecy secrecy = Secrecy::open;
    std::int64_t minimum = 0;  // of numbers, inclusive
    std::int64_t maximum = 0;
    std::span<const std::string_view> choices = {};  // of texts; empty: any
    bool (*fits)(std::string_view) = nullptr;        // of texts and of the parts of a list; nullptr: any
    std::string_view shape = {};                     // what `fits` asks for, in words
};

// In the order in which they are shown.
std::span<const Setting> settings();

const Setting* find_setting(std::string_view key);

// What "server.prot" probably should have been, and what there is: "; did you mean server.port? server has: host, port, ...".
// `spell` writes a key the way the reader would: as itself, or as a variable's name.
std::string suggestion(std::string_view key, std::string (*spell)(std::string_view key));

// "APP_SERVER__PORT" of "server.port", and back.
std::string variable_of(std::string_view key);
std::string key_of(std::string_view variable);

// Every name under which the environment may give a setting; of a secret also those that hold the path of a file with it. The first
// is the one to tell people.
std::vector<std::string> names_of(const Setting& setting);

// Whether `name`, one of names_of, holds such a path.
bool names_file(const Setting& setting, std::string_view name);

// A value as a TOML file gives it.
using Value = std::variant<bool, std::int64_t, std::string>;

// These put a value into `config` after checking it; `origin` begins the message of the Error(invalid) that they throw. Text comes
// from a variable or an option: it is read by the setting's kind, and quotes that came along are refused.
void assign(const Setting& setting, Config& config, const Value& value, std::string_view origin);
void assign_text(const Setting& setting, Config& config, std::string_view text, std::string_view origin);

// Throws if `text` begins and ends with the same quote: a shell would have taken it off, cmd.exe and Docker's env files do not.
void refuse_quotes(std::string_view text, std::string_view origin);

// "server.port must be ..., not a text": for values of a type that no setting has. `actual` comes with its article.
[[noreturn]] void refuse_type(const Setting& setting, std::string_view actual, std::string_view origin);

// The value in `config` as text, secrets masked.
std::string shown(const Setting& setting, const Config& config);

// Whether both have the same value, of a secret too.
bool is_equal(const Setting& setting, const Config& a, const Config& b);

}  // namespace config
