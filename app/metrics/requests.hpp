// Requests by endpoint, method and status, and how long they took. What there may be is known when it is made: nothing that a client
// sends makes a series more.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "app/base/counters.hpp"
#include "app/metrics/exposition.hpp"

namespace app::metrics {

// A route, or what stands for all requests that have none.
struct Endpoint {
    std::string name;
    std::vector<std::string> methods;
};

class Requests {
   public:
    explicit Requests(std::vector<Endpoint> endpoints);

    // `endpoint` and `method` are positions in what it was made of. A status without a series of its own, which only a page for
    // developers gives, counts as "4xx" or its like. Any thread; takes no lock and no memory.
    void count(std::size_t endpoint, std::size_t method, int status, std::chrono::nanoseconds duration) noexcept;

    // Two families; of endpoints and methods that were asked for so far. Any thread.
    void write(Exposition& out) const;

   private:
    struct Row;  // of an endpoint and a method
    std::vector<Row> rows() const;

    const std::vector<Endpoint> endpoints_;
    const std::vector<std::size_t> first_rows_;  // by endpoint
    base::StripedCells cells_;                   // row by row: by status, by time, the sum of times
};

}  // namespace app::metrics
