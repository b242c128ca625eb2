// The thread of an instance that delivers what is in the outbox: one mail at a time, at once when this process has queued one, and every
// few seconds what others have left. No request ever waits for it, nor for a mail server. Where the server is not to be had, one mail a
// time tries it, after growing pauses of at most a minute, and the others wait. What goes wrong is a warning in the log, never an error:
// those may be mailed (error_mails.hpp).
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "app/base/counters.hpp"
#include "app/outbox/attempt.hpp"

namespace app::outbox {

struct SenderOptions {
    Plan plan = {};
    std::chrono::milliseconds poll{4000};     // a quarter more or less, so that instances do not keep in step
    std::chrono::milliseconds grace{10'000};  // for the mail under way, when it is stopped
};

// What came of attempts, and was written down.
struct SenderCounts {
    base::Counter sent, failed, put_back;
};

class Sender {
   public:
    // Starts the thread. The database outlives it. Whoever wants to know what it counts shares `counts`.
    Sender(db::Database& database, std::unique_ptr<mail::Mailer> mailer, SenderOptions options = {},
           std::shared_ptr<SenderCounts> counts = std::make_shared<SenderCounts>());

    // begin_stop; then waits for the mail under way. One that is not done `grace` after begin_stop is interrupted and put back.
    ~Sender();
    Sender(const Sender&) = delete;
    Sender& operator=(const Sender&) = delete;

    // There may be a mail. Any thread; does not wait.
    void wake() noexcept;

    // No further mail is begun. Any thread; does not wait.
    void begin_stop() noexcept;

   private:
    using Clock = std::chrono::steady_clock;

    void run();
    void step();
    void settle_accounts();
    void tell(const Verdict& verdict);
    void rest(std::chrono::milliseconds pause, bool may_be_woken);
    bool is_stopping();

    db::Database& database_;
    const std::unique_ptr<mail::Mailer> mailer_;
    const SenderOptions options_;
    const std::shared_ptr<SenderCounts> counts_;

    // Of the thread.
    std::optional<Verdict> unrecorded_;  // written down before anything else is done
    int failures_ = 0;                   // of the server, one after the other
    bool database_fails_ = false;

    std::mutex mutex_;
    std::condition_variable changed_;
    bool woken_ = false;
    bool ended_ = false;
    std::optional<Clock::time_point> interrupt_at_;  // it is stopping
    std::thread thread_;
};

}  // namespace app::outbox
