// What a server counts of itself. The numbers that it is steered by are among them: connections_open and buffered_bytes are what the
// limits are compared with.
#pragma once

#include <array>

#include "app/base/counters.hpp"

namespace app::http {

// The statuses that the engine answers with by itself (see limits.hpp and parser.hpp); the last stands for any other.
inline constexpr std::array<int, 11> refusal_statuses{400, 408, 413, 414, 417, 431, 500, 501, 503, 505, 0};

struct Counts {
    base::Gauge connections_open{0};
    base::Gauge buffered_bytes{0};  // what all connections together hold
    base::Gauge workers_busy{0};
    base::Gauge workers_queued{0};  // requests that wait for one

    base::Counter connections_accepted;                   // those that were turned away included
    base::Counter turned_away_for_all;                    // by connections_max
    base::Counter turned_away_for_their_address;          // by connections_per_address_max
    base::Counter turns_given_up;                         // requests that a loop began to serve and a worker served then
    base::StripedCells refused{refusal_statuses.size()};  // requests that the application did not see, by their answer's status

    void count_refusal(int status) noexcept {
        std::size_t position = 0;
        while (position + 1 < refusal_statuses.size() && refusal_statuses[position] != status) ++position;
        refused.add(position, 1);
    }
};

}  // namespace app::http
