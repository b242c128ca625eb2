#include "tests/support/mariadb.hpp"

#include <cstdlib>
#include <mutex>

#include "app/db/database.hpp"

namespace tests {
namespace {

std::vector<std::string> serve(const std::vector<std::string>& options) {
    std::vector<std::string> arguments{"serve"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return arguments;
}

}  // namespace

Mariadb::Mariadb(const std::vector<std::string>& options)
    : script_("scripts/mariadb", serve(options)), port_(std::stoi(script_.url().substr(script_.url().rfind(':') + 1))) {}

std::string Mariadb::new_database() {
    const std::string name = "test_" + std::to_string(++databases_);
    run({"CREATE DATABASE " + name + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"});
    return url(name);
}

void Mariadb::run(const std::vector<std::string>& statements) const {
    const auto database = app::db::open({.url = url("mysql"), .pool_max = 1});
    for (const std::string& statement : statements) {
        database->write([&](app::db::Connection& connection) { connection.execute(statement); });
    }
}

std::string_view backend() {
    const char* name = std::getenv("DEWAR_TEST_BACKEND");
    return name && *name ? name : "sqlite";
}

std::string new_database_url() {
    if (backend() == "sqlite") return "sqlite:temporary";
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    static Mariadb server;
    return server.new_database();
}

}  // namespace tests
