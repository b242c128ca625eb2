// How many connections each client address has: for limits.connections_per_address_max, and not used without it.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace app::http {

// Any thread may call its functions.
class Addresses {
   public:
    // Counts one connection more, unless that address has `max` of them already; then false.
    bool try_add(std::string_view address, std::size_t max) {
        const std::lock_guard lock(mutex_);
        std::size_t& count = counts_[std::string(address)];
        if (count >= max) return false;
        ++count;
        return true;
    }

    // Takes back one try_add that was true.
    void remove(std::string_view address) {
        const std::lock_guard lock(mutex_);
        const auto found = counts_.find(std::string(address));
        if (found == counts_.end()) return;
        --found->second;
        if (found->second == 0) counts_.erase(found);
    }

   private:
    std::mutex mutex_;
    std::unordered_map<std::string, std::size_t> counts_;
};

}  // namespace app::http
