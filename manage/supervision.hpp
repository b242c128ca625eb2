// What a supervisor decides: when a worker is started, told to end, or given up. Without processes, signals and clocks of its own:
// it is told what happened and when, and answers with what to do, in this order.
//
// One worker serves, the current one. A swap starts a second one, the next, and once that is ready it takes the first one's place,
// who leaves: answers what is under way and ends. Whatever happens to the next one, the current one goes on.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/clock.hpp"
#include "app/web/value.hpp"

namespace manage {

class Supervision {
   public:
    using Clock = std::chrono::steady_clock;
    using Time = Clock::time_point;
    using Duration = std::chrono::milliseconds;

    struct Policy {
        Duration ready_timeout{60000};      // for a worker to say that it is ready
        Duration leave_timeout{20000};      // for one that was told to end; it is killed then
        Duration restart_delay{500};        // before the second start in a row; then twice as long each time
        Duration restart_delay_max{30000};  // but no longer
        Duration steady{10000};             // who has been ready for so long is not counted among failures in a row
        int restarts_max = 10;              // in a row; then it is given up
    };

    enum class Act {
        start,      // a worker; then `started` or `not_started` is called
        hand_over,  // tell the worker that another serves the port
        stop,       // tell it to end in order; a second time: at once
        kill,
        renew,   // execute the supervisor's own program anew, now or soon
        finish,  // nothing is left to do: end with exit_code()
    };
    struct Order {
        Act act;
        pid_t pid = 0;

        bool operator==(const Order&) const = default;
    };
    using Orders = std::vector<Order>;

    // Something that went wrong, for reports.
    struct Failure {
        std::string reason;  // "worker 7 was ended by signal 9 (Killed)"; empty: nothing went wrong
        app::base::Timestamp at{};
    };

    explicit Supervision(Policy policy) : policy_(policy) {}

    // Goes on with what another has saved, in the same process: times are those of Clock. Throws invalid for nonsense.
    Supervision(Policy policy, const app::web::Value& saved);
    app::web::Value save() const;

    Orders begin() { return {{Act::start}}; }
    void started(pid_t pid, Time now);
    Orders not_started(const std::string& reason, Time now);
    Orders ready(pid_t pid, Time now);
    // A worker is over; `reason` says how, and why if it said so itself. Of others: nothing.
    Orders ended(pid_t pid, const std::string& reason, Time now);
    // Somebody wants a worker of the program as it is now. During a swap: another one after it.
    Orders swap(Time now);
    // Somebody wants all to end. The second time: at once.
    Orders stop(Time now);
    // To be called when `deadline` is over.
    Orders tick(Time now);
    std::optional<Time> deadline() const;

    // "starting", "running", "swapping", "waiting" (to start a worker again), "stopping".
    std::string_view state() const;
    pid_t worker() const noexcept { return current_ ? current_->pid : 0; }
    bool is_ready() const noexcept { return current_ && current_->ready_at; }
    bool is_worker(pid_t pid) const;
    // All of them: the current one, the next, and those who leave.
    std::vector<pid_t> workers() const;
    int restarts() const noexcept { return restarts_; }
    int swaps() const noexcept { return swaps_; }                           // that are over, whatever came of them
    const std::string& swap_error() const noexcept { return swap_error_; }  // of the last one; empty: it succeeded
    const Failure& failure() const noexcept { return failure_; }
    // Whether a service that had been ready was given up, and not one that never was.
    bool gave_up() const noexcept { return gave_up_; }
    int exit_code() const noexcept { return stopping_ ? 0 : 1; }

   private:
    struct Worker {
        pid_t pid;
        std::optional<Time> ready_at;
        Time deadline;  // to be ready; of one who leaves: to be over
        bool late = false;
    };

    void end_swap(std::string error);
    void leave(Worker worker, Time now);
    void restart(Time now, Orders& orders);
    void settle(Orders& orders);
    void fail(std::string reason);

    const Policy policy_;
    std::optional<Worker> current_, next_;
    std::vector<Worker> leaving_;
    std::optional<Time> start_at_;
    bool swapping_ = false, swap_wanted_ = false;
    bool stopping_ = false, at_once_ = false;
    bool ever_ready_ = false, gave_up_ = false;
    int failures_ = 0, restarts_ = 0, swaps_ = 0;
    std::string swap_error_;
    Failure failure_;
};

}  // namespace manage
