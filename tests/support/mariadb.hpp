// A MariaDB server of a test's own, made by `scripts/mariadb serve`: up within a second, gone with the object, and with the whole
// program however that ends.
//
//     tests::Mariadb server;
//     const auto database = app::db::open({.url = server.new_database()});
//     server.kill();  // what was committed is there after start()
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/script.hpp"

namespace tests {

class Mariadb {
   public:
    // `options` are mariadbd's. Throws std::runtime_error with what the script said, for example that mariadbd is not installed.
    explicit Mariadb(const std::vector<std::string>& options = {});

    // As root, who has every right and no password.
    std::string url(std::string_view database) const { return script_.url() + "/" + std::string(database); }

    int port() const { return port_; }
    std::filesystem::path folder() const { return script_.folder(); }
    std::string socket() const { return script_.folder() + "/socket"; }

    // The URL of a new empty database.
    std::string new_database();

    // Runs statements as root, each on its own.
    void run(const std::vector<std::string>& statements) const;

    void stop() { script_.command("stop"); }                                              // and waits for its end
    void kill() { script_.command("kill"); }                                              // as kill -9
    void start(const std::string& options = {}) { script_.command("start " + options); }  // again, on the same port

   private:
    Script script_;
    int port_;
    int databases_ = 0;
};

// The backend that this run of the tests is for, by DEWAR_TEST_BACKEND: "sqlite" (the default) or "mysql". CMake registers the
// programs that can do with either twice.
std::string_view backend();

// The URL of a new empty database of that backend, which nobody needs to clean up. The server of all of them is started with the
// first and ends with the program.
std::string new_database_url();

}  // namespace tests
