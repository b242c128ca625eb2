// What a subcommand is, and what it is given. A Command says everything about itself as data: the command line is parsed by it,
// and help and shell completion are written from it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "app/db/database.hpp"
#include "config/config.hpp"

namespace manage {

struct Option {
    enum class Kind { flag, value, positional };

    std::string name;  // "--host"; of a positional what help calls it: "EMAIL"; without = : { }, which CLI11 2.4 refuses
    Kind kind = Kind::value;
    std::string value_name = {};  // "HOST", of a value
    std::string help;             // one line
    bool required = false;
    bool repeated = false;                  // of a positional: any number of them
    std::vector<std::string> choices = {};  // empty: any value
    std::string setting = {};               // the key of the config that it overrides: "server.host"
};

class Invocation;

struct Command {
    std::string name;          // "deploy"; "user add" is the command `add` of the group `user`
    std::string help;          // one line
    std::string example = {};  // lines to type; a group has none
    std::vector<Option> options = {};
    int (*run)(Invocation&) = nullptr;  // returns the exit code, throws what main tells; nullptr: a group
    std::string passes_on = {};         // whose arguments may follow `--`: "sqlite3 or mariadb"; empty: nobody's
};

// Thrown for a command line that cannot be meant; main tells it and exits with 2.
class UsageError : public std::runtime_error {
   public:
    using std::runtime_error::runtime_error;
};

// One command, as somebody typed it. For one thread.
class Invocation {
   public:
    using Values = std::map<std::string, std::vector<std::string>, std::less<>>;  // by option; {""} for a flag

    Invocation(const Command& command, Values values, std::vector<std::string> passed_on = {})
        : command_(command), values_(std::move(values)), passed_on_(std::move(passed_on)) {}

    bool has(std::string_view option) const { return values_.contains(option); }
    std::optional<std::string> find(std::string_view option) const;
    std::string get(std::string_view option) const;               // of one that is required
    std::vector<std::string> all(std::string_view option) const;  // of one that may be repeated

    // What followed `--`.
    const std::vector<std::string>& passed_on() const noexcept { return passed_on_; }

    // The config that was asked for, with the options that name a setting over it; read at the first call, which
    // sets up the log by it. Throws what config::load throws, as UsageError if it is the command line's fault.
    const config::Loaded& loaded();
    const config::Config& config() { return loaded().config; }

    // The config's database, with the schema of this binary; opened at the first call. Throws what db::open and
    // db::require_current throw.
    app::db::Database& database();

    // Writes to standard output at once. Throws unavailable when nobody can read it there.
    void print(std::string_view text) const;

    // Writes the text into the file that --output names, replaced whole or not at all; without one, prints it. Throws what
    // base::NewFile throws, and print.
    void print_or_save(std::string_view text) const;

   private:
    const Command& command_;
    Values values_;
    std::vector<std::string> passed_on_;
    std::optional<config::Loaded> loaded_;
    std::unique_ptr<app::db::Database> database_;
};

}  // namespace manage
