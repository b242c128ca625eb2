#include "tests/support/mariadb.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <system_error>

#include "app/db/database.hpp"

namespace tests {
namespace {

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

}  // namespace

// Both ends of the pipes close when a program starts, so that the script sees the end of its input when this program is gone.
Mariadb::Mariadb(const std::vector<std::string>& options) {
    int in[2];
    int out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) fail("pipe");
    std::vector<std::string> arguments{"scripts/mariadb", "serve"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    const int error = ::posix_spawn(&script_, SCRIPTS_FOLDER "/mariadb", &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    to_script_ = in[1];
    from_script_ = ::fdopen(out[0], "r");
    if (error != 0) throw std::system_error(error, std::generic_category(), "scripts/mariadb");

    const std::string line = read_line();  // mysql://root@127.0.0.1:PORT FOLDER
    const std::size_t space = line.find(' ');
    base_ = line.substr(0, space);
    port_ = std::stoi(base_.substr(base_.rfind(':') + 1));
    folder_ = line.substr(space + 1);
}

Mariadb::~Mariadb() {
    ::close(to_script_);
    ::waitpid(script_, nullptr, 0);
    std::fclose(from_script_);
}

std::string Mariadb::read_line() {
    std::string line;
    int c = 0;
    while ((c = std::fgetc(from_script_)) != EOF && c != '\n') line += static_cast<char>(c);
    if (c == EOF) throw std::runtime_error("scripts/mariadb gave up: see what it wrote above; " + line);
    return line;
}

void Mariadb::command(const std::string& words) {
    const std::string line = words + "\n";
    if (::write(to_script_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) fail("scripts/mariadb");
    read_line();
}

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
