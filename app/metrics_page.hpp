// What /metrics says: the counts of all rooms put together. The requests are counted here; the server, the database and the sender of
// mails count for themselves. docs/METRICS.md says what each series is for.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "app/context/services.hpp"
#include "app/http/counts.hpp"
#include "app/metrics/requests.hpp"
#include "app/outbox/sender.hpp"
#include "app/web/request.hpp"
#include "app/web/site.hpp"

namespace app {

class MetricsPage {
   public:
    // Both outlive it; the site has all its rules.
    MetricsPage(const web::Site& site, Services& services);

    // An answered request. Any thread; takes no lock and no memory.
    void count(const web::Request& request, const web::Match& match, int status, std::chrono::nanoseconds duration) noexcept;

    // The whole text. Any thread. It asks the database for the outbox, at most every five seconds, and does not fail with it: then
    // dewar_outbox_readable is 0, and for a minute nobody asks again. On a loop's thread that may give the turn up.
    std::string text();

    // For whoever starts a server and a sender of mails.
    const std::shared_ptr<http::Counts> server_counts = std::make_shared<http::Counts>();
    const std::shared_ptr<outbox::SenderCounts> sender_counts = std::make_shared<outbox::SenderCounts>();

   private:
    using Clock = std::chrono::steady_clock;
    struct Outbox {
        std::int64_t queued = 0, sending = 0, failed = 0;
    };

    std::optional<Outbox> outbox();
    std::optional<Outbox> ask_outbox();
    void write_server(metrics::Exposition& out) const;
    void write_database(metrics::Exposition& out) const;
    void write_outbox(metrics::Exposition& out);

    const web::Site& site_;
    Services& services_;
    metrics::Requests requests_;

    std::mutex mutex_;  // guards the next three
    std::optional<Outbox> outbox_;
    Clock::time_point asked_again_at_{};
    bool is_asking_ = false;
};

}  // namespace app
