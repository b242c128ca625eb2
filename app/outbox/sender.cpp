#include "app/outbox/sender.hpp"

#include <algorithm>
#include <random>

#include "app/base/log.hpp"
#include "app/base/thread.hpp"

namespace app::outbox {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds longest_rest = 1min;

std::chrono::milliseconds jittered(std::chrono::milliseconds pause) {
    thread_local std::minstd_rand random{std::random_device{}()};
    const double factor = std::uniform_real_distribution<>(0.75, 1.25)(random);
    return std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(pause.count()) * factor));
}

std::string reason(const models::MailOutcome& outcome) {
    return outcome.stage + ", " + outcome.trouble + (outcome.words.empty() ? "" : ": " + outcome.words);
}

}  // namespace

Sender::Sender(db::Database& database, std::unique_ptr<mail::Mailer> mailer, SenderOptions options,
               std::shared_ptr<SenderCounts> counts)
    : database_(database),
      mailer_(std::move(mailer)),
      options_(options),
      counts_(std::move(counts)),
      thread_(base::start_thread([this] { run(); })) {}

Sender::~Sender() {
    begin_stop();
    {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_until(lock, *interrupt_at_, [this] { return ended_; })) mailer_->interrupt();
    }
    thread_.join();
}

void Sender::wake() noexcept {
    {
        const std::lock_guard lock(mutex_);
        woken_ = true;
    }
    changed_.notify_all();
}

void Sender::begin_stop() noexcept {
    {
        const std::lock_guard lock(mutex_);
        if (!interrupt_at_) interrupt_at_ = Clock::now() + options_.grace;
    }
    changed_.notify_all();
}

void Sender::run() {
    while (!is_stopping()) {
        try {
            step();
            if (database_fails_) base::log_info("mail: the outbox can be read and written again");
            database_fails_ = false;
        } catch (const std::exception& error) {
            if (!database_fails_) base::log_warning(std::string("mail: the outbox cannot be read or written: ") + error.what());
            database_fails_ = true;
            rest(options_.poll, false);
        }
    }
    try {
        settle_accounts();
    } catch (const std::exception& error) {
        base::log_warning("mail " + std::to_string(unrecorded_->id) +
                          " may go twice, for what came of it was not kept: " + error.what());
    }
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
}

// With what comes after a pause: so a wake between looking and resting is not missed.
void Sender::step() {
    settle_accounts();
    {
        const std::lock_guard lock(mutex_);
        woken_ = false;
    }
    const auto mail = claim_next(database_, options_.plan, base::now());
    if (!mail) return rest(options_.poll, true);
    const mail::Delivery delivery = send(*mailer_, mail->message);
    unrecorded_ = decide(*mail, delivery, options_.plan, base::now());
    const bool about_the_server = unrecorded_->about_the_server;
    settle_accounts();
    if (!about_the_server) {
        if (failures_ > 0) base::log_info("mail: the mail server is there again");
        failures_ = 0;
        return;
    }
    if (failures_++ == 0) {
        base::log_warning("mail: nothing can be sent (" + reason(models::outcome_of(delivery)) +
                          "); mails wait in the outbox; `manage send-test-mail` tells more");
    }
    constexpr int doublings_max = 10;
    rest(std::min(options_.poll * (1 << std::min(failures_ - 1, doublings_max)), longest_rest), false);
}

// A mail that was accepted is not forgotten to be so because the database is away for a while.
void Sender::settle_accounts() {
    if (!unrecorded_) return;
    if (record(database_, *unrecorded_)) {
        tell(*unrecorded_);
    } else {
        base::log_warning("mail " + std::to_string(unrecorded_->id) +
                          " was sent on or removed by others before its delivery ended: it may have gone twice");
    }
    unrecorded_.reset();
}

void Sender::tell(const Verdict& verdict) {
    const std::string mail = "mail " + std::to_string(verdict.id);
    switch (verdict.state) {
        case models::MailState::sent: counts_->sent.add(); return base::log_info(mail + " was sent");
        case models::MailState::failed:
            counts_->failed.add();
            return base::log_warning(mail + " has failed (" + reason(verdict.outcome) + "); `manage mail show " +
                                     std::to_string(verdict.id) + "` tells more");
        default:
            counts_->put_back.add();
            return base::log_info(mail + " was not accepted (" + reason(verdict.outcome) + ") and is tried again at " +
                                  base::rfc3339(verdict.at));
    }
}

void Sender::rest(std::chrono::milliseconds pause, bool may_be_woken) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, jittered(pause), [&] { return interrupt_at_ || (may_be_woken && woken_); });
}

bool Sender::is_stopping() {
    const std::lock_guard lock(mutex_);
    return interrupt_at_.has_value();
}

}  // namespace app::outbox
