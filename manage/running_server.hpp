// A supervised server that runs, as `manage stop`, `status` and `restart` find it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>

#include "app/base/descriptor.hpp"
#include "app/web/value.hpp"
#include "manage/command.hpp"

namespace manage {

class RunningServer {
   public:
    // The one of the config's pid file. Throws unavailable in one line if there is none, see get_supervisor.
    explicit RunningServer(const config::Config& config);

    pid_t supervisor() const noexcept { return supervisor_; }

    // What its state file says just now; "" or 0 for what it does not.
    std::string text(std::string_view name) const;
    std::int64_t number(std::string_view name) const;
    app::web::Value state() const;

    // To this process and no other, even if its number is another's by now. Throws forbidden for somebody else's server, unavailable when
    // it has just ended.
    void send(int signal) const;

    // Waits for its end; false if it takes longer.
    bool wait_for_end(std::chrono::milliseconds timeout) const;

   private:
    std::string state_file_;
    pid_t supervisor_;
    app::base::Descriptor process_;
};

// --timeout of a command, in seconds. Throws UsageError.
std::chrono::milliseconds timeout_of(const Invocation& invocation, std::chrono::milliseconds otherwise);

// What these commands have in common: --pid-file.
Option pid_file_option();

}  // namespace manage
