#include "app/throttle/rate_limit.hpp"

#include <algorithm>

namespace app::throttle {

using std::chrono::nanoseconds;
using std::chrono::seconds;

RateLimit::RateLimit(int requests_max, seconds window, std::size_t entries)
    : requests_max_(requests_max), window_(window), interval_(nanoseconds(window) / requests_max), table_(entries) {}

Quota RateLimit::take(const Key& key, Time now) {
    const nanoseconds whole = interval_ * requests_max_;
    return table_.change(key, [&](Bucket& bucket) -> Quota {
        const nanoseconds missing = std::max(bucket.until, now) - now;  // how long a full bucket would take to be like this one
        if (missing + interval_ > whole) return {false, 0, std::chrono::ceil<seconds>(missing + interval_ - whole)};
        bucket.until = now + missing + interval_;
        const nanoseconds left = whole - missing - interval_;
        return {true, static_cast<int>(left / interval_), std::chrono::ceil<seconds>(interval_ - left % interval_)};
    });
}

void RateLimit::give_back(const Key& key) {
    table_.change(key, [this](Bucket& bucket) {
        if (bucket.until != Time{}) bucket.until -= interval_;
    });
}

namespace {

void append_item(std::string& list, std::string_view name, std::string_view first, std::int64_t first_value,
                 std::string_view second, std::int64_t second_value) {
    list.append(list.empty() ? "\"" : ", \"").append(name).append("\";");
    list.append(first).append(std::to_string(first_value)).append(";").append(second).append(std::to_string(second_value));
}

}  // namespace

void append_policy(std::string& list, std::string_view name, const RateLimit& limit) {
    append_item(list, name, "q=", limit.requests_max(), "w=", limit.window().count());
}

void append_quota(std::string& list, std::string_view name, const Quota& quota) {
    append_item(list, name, "r=", quota.remaining, "t=", quota.more_in.count());
}

}  // namespace app::throttle
