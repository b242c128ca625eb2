// The service under test: a supervised `manage runserver` in a folder of its own, and what an operator does with it meanwhile.
#pragma once

#include <sys/types.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/integration/process.hpp"
#include "tests/soak/log_count.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/mariadb.hpp"

namespace soak {

class Service {
   public:
    // Deploys, adds the account of the writers, starts and waits until it is ready. Throws std::runtime_error.
    explicit Service(bool on_mysql);

    // Ends it at once.
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    int port() const noexcept { return port_; }
    std::string authorization() const;  // of the writers
    std::string database_url() const;
    pid_t supervisor() const { return process_->pid(); }
    // The one that serves; nothing while two do, or none.
    std::optional<pid_t> worker() const;

    // `manage` with these arguments; throws std::runtime_error with what it said unless it exits with 0.
    std::string manage(std::vector<std::string> arguments) const;

    void restart() const { manage({"restart"}); }
    // Moves the log away and has it reopened; what was moved is counted once nobody can write to it any more.
    void rotate_log();
    // A copy of the database, which is removed again.
    void back_up() const;

    // Stops it as its operator would; returns the exit code.
    int stop();
    // Of all that was logged, once stopped.
    LogCount log();

   private:
    std::filesystem::path log_file(int number) const;

    tests::TemporaryFolder folder_;
    std::unique_ptr<tests::Mariadb> mariadb_;
    std::map<std::string, std::string> environment_;
    int port_;
    std::unique_ptr<tests::Process> process_;
    LogCount log_;
    int rotated_ = 0, counted_ = 0;
};

}  // namespace soak
