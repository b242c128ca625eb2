// Errors that tell themselves: what is logged at level error is put into the outbox as a mail to the administrator, as ErrorDigest
// sees fit. Whoever logs does no more than count; a thread writes the mails. What goes wrong with that is a warning in the log, so that
// no error about mail ever makes another.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "app/db/database.hpp"
#include "app/mail/message.hpp"
#include "app/outbox/error_digest.hpp"

namespace app::outbox {

struct ErrorMailOptions {
    mail::Address from, to;
    std::string subject_prefix;  // "[Dewar]", or empty
    std::string instance;        // what to call this process: "alpha, process 17, config production"
};

// The mail that tells of it.
mail::Message make_error_mail(const ErrorReport& report, const ErrorMailOptions& options, base::Timestamp now);

class ErrorMails {
   public:
    // Watches the log (base::watch_errors) from now on. `on_queued` is called after each mail that was put into the outbox. The database
    // and what on_queued needs outlive it.
    ErrorMails(db::Database& database, ErrorMailOptions options, std::function<void()> on_queued);

    // Watches no longer, and puts what is waiting into the outbox, if that can be done at once.
    ~ErrorMails();
    ErrorMails(const ErrorMails&) = delete;
    ErrorMails& operator=(const ErrorMails&) = delete;

   private:
    void take(std::string_view message, std::string_view request_id);
    void run();
    bool write(const ErrorReport& report);

    db::Database& database_;
    const ErrorMailOptions options_;
    const std::function<void()> on_queued_;
    bool failing_ = false;  // of the thread

    std::mutex mutex_;
    std::condition_variable changed_;
    ErrorDigest digest_;
    std::deque<ErrorReport> waiting_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace app::outbox
