// What the tests of this room share: databases in files and elsewhere, their log, and processes.
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
#include "tests/support/checks.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/mariadb.hpp"

namespace tests {

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

// fork(2); what is buffered for standard output is written once, not by the child again.
inline pid_t fork_process() {
    std::fflush(nullptr);
    return ::fork();
}

}  // namespace tests
