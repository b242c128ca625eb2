// What the tests of this room share: a folder of their own, databases in it, and the code of what a call throws.
#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "app/base/error.hpp"
#include "app/base/log.hpp"
#include "app/db/database.hpp"
#include "tests/support/mariadb.hpp"

namespace test {

// A new folder below the system's temporary one, removed with all that is in it.
class Folder {
   public:
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "dewar-test-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
    const std::filesystem::path& path() const { return path_; }

   private:
    std::filesystem::path path_;
};

inline app::db::Options options_for(const std::filesystem::path& file) {
    app::db::Options options;
    options.url = "sqlite:///" + file.string();
    options.create = true;
    return options;
}

inline std::unique_ptr<app::db::Database> temporary_database() {
    app::db::Options options;
    options.url = "sqlite:temporary";
    return app::db::open(options);
}

// The log as most tests want it: there before the threads that may write to it, and without one itself, since a child that
// ThreadSanitizer watches must come from a process with a single thread.
inline void reset_log() { app::base::set_up_log({.stream = &std::cerr}); }

// A new empty database of the backend that this run is for.
inline std::unique_ptr<app::db::Database> new_database() {
    reset_log();
    return app::db::open({.url = tests::new_database_url()});
}

// The error that `call` throws; none when it returns.
template <class Call>
std::optional<app::base::Error> error_of(Call&& call) {
    try {
        call();
    } catch (const app::base::Error& error) {
        return error;
    }
    return std::nullopt;
}

// fork(2); what is buffered for standard output is written once, not by the child again.
inline pid_t fork_process() {
    std::fflush(nullptr);
    return ::fork();
}

inline bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace test
