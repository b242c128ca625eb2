// How many mails people can make the server send to an address by typing it in: a few in an hour, so that nobody's inbox is flooded and
// no blog becomes known for spam; and from how many requests of one client, whatever addresses they name. What is over the first limit
// is not sent, and not told either, since that would tell whether somebody else asked; over the second the client is refused.
//
// Each instance counts by itself, as the other limits do: of several, an address gets so many from each.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "app/throttle/rate_limit.hpp"

namespace app::throttle {

struct MailLimitOptions {
    int mails_max = 5;
    int requests_max = 60;
    std::size_t entries = 65536;
};

// Any thread.
class MailLimit {
   public:
    static constexpr std::chrono::hours window{1};

    explicit MailLimit(const MailLimitOptions& options);

    // Whether one more mail may go to that canonical address, whether or not anybody has it. Throws as name_key.
    bool take_mail(std::string_view email, Time now);

    // One more request of a client.
    Quota take_request(const Key& client, Time now) { return requests_.take(client, now); }

   private:
    RateLimit mails_, requests_;
    const std::string secret_;
};

}  // namespace app::throttle
