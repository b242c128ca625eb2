// What a worker knows about its supervisor: who it is, and what to do when it is killed. Then the worker is an orphan: it starts a new
// supervisor, which inherits the port, and goes on serving until that one's own worker does.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <vector>

#include "manage/service_manager.hpp"
#include "manage/spawn.hpp"

namespace manage {

// In a worker's environment: the process of its supervisor.
inline constexpr const char* supervisor_variable = "DEWAR_SUPERVISOR";

// For one thread, after of_environment.
class Supervised {
   public:
    // Sent to a worker by the system when its supervisor is gone.
    static constexpr int gone = SIGUSR2;

    // Of DEWAR_SUPERVISOR, which is taken out of the environment; nothing if no supervisor has started this process. On the main thread
    // and before there are others, with `gone` held back.
    static std::optional<Supervised> of_environment();

    // What a new supervisor inherits, and the file whose lock says whether there is one. Before serve_as_orphan.
    void set_port(int port, std::string pid_file);

    bool is_orphan() const;

    // To be called again and again by an orphan: sees to it that there is a new supervisor. True when that, or one that another orphan has
    // started, is there to serve the port: this worker may end.
    bool is_replaced();

   private:
    using Clock = std::chrono::steady_clock;

    Supervised(pid_t supervisor, Launch successor) : supervisor_(supervisor), launch_(std::move(successor)) {}
    void start_successor();

    pid_t supervisor_;
    Launch launch_;
    std::string pid_file_;
    std::optional<NotifySocket> socket_;
    pid_t successor_ = 0;
    Clock::time_point again_at_{};
};

}  // namespace manage
