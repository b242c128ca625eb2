// How many requests somebody may send: a bucket of tokens for each key, which fills up again evenly. Of a bucket only the moment is
// kept at which it will be full (the generic cell rate algorithm, ITU-T I.371): one number, and the bucket that matters least is the
// one that is full first.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "app/throttle/table.hpp"

namespace app::throttle {

// What a request learns of its bucket.
struct Quota {
    bool allowed = true;
    int remaining = 0;               // requests that are allowed just now
    std::chrono::seconds more_in{};  // until when there is one more; rounded up, at least 1
};

// Any thread; nothing throws. A call takes about 100 ns and one lock of 64.
class RateLimit {
   public:
    // At most `requests_max` at once, and as many in each `window`; `entries` keys are remembered, see Table.
    RateLimit(int requests_max, std::chrono::seconds window, std::size_t entries);

    // A token for a request at `now`. A request that is refused takes none.
    Quota take(const Key& key, Time now);

    // Gives the token of a request back that will be served again from its beginning.
    void give_back(const Key& key);

    int requests_max() const noexcept { return requests_max_; }
    std::chrono::seconds window() const noexcept { return window_; }

   private:
    struct Bucket {
        Time until{};  // full then
    };

    const int requests_max_;
    const std::chrono::seconds window_;
    const std::chrono::nanoseconds interval_;  // after which a token comes back
    Table<Bucket> table_;
};

// Append an item to the lists of RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers), under the policy's name.
void append_policy(std::string& list, std::string_view name, const RateLimit& limit);  // "address";q=1200;w=60
void append_quota(std::string& list, std::string_view name, const Quota& quota);       // "address";r=1199;t=1

}  // namespace app::throttle
