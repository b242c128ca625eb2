#include "app/metrics/requests.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace app::metrics {
namespace {

// The last five are for all others of their class.
constexpr std::array<std::string_view, 40> statuses{"200", "201", "202", "204", "206", "301", "302", "303", "304", "307",
                                                    "308", "400", "401", "403", "404", "405", "406", "408", "409", "410",
                                                    "411", "412", "413", "414", "415", "416", "417", "422", "428", "429",
                                                    "431", "500", "501", "503", "505", "1xx", "2xx", "3xx", "4xx", "5xx"};
constexpr std::size_t classes_first = statuses.size() - 5;
constexpr int status_min = 100, status_max = 599;

constexpr auto status_positions = [] {
    std::array<std::uint8_t, status_max - status_min + 1> positions{};
    for (std::size_t i = 0; i < positions.size(); ++i) positions[i] = static_cast<std::uint8_t>(classes_first + i / 100);
    for (std::size_t i = 0; i < classes_first; ++i) {
        const std::string_view text = statuses[i];
        positions[static_cast<std::size_t>((text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0') - status_min)] =
            static_cast<std::uint8_t>(i);
    }
    return positions;
}();

constexpr std::span<const std::uint64_t> bounds = base::duration_bounds_ns;
constexpr std::size_t times_first = statuses.size(), sum_position = times_first + bounds.size() + 1;
constexpr std::size_t cells_per_row = sum_position + 1;

std::vector<std::size_t> first_rows(const std::vector<Endpoint>& endpoints) {
    std::vector<std::size_t> rows;
    std::size_t next = 0;
    for (const Endpoint& endpoint : endpoints) {
        rows.push_back(next);
        next += endpoint.methods.size();
    }
    return rows;
}

std::size_t row_count(const std::vector<Endpoint>& endpoints) {
    std::size_t count = 0;
    for (const Endpoint& endpoint : endpoints) count += endpoint.methods.size();
    return count;
}

}  // namespace

struct Requests::Row {
    const std::string& endpoint;
    const std::string& method;
    std::size_t first_cell;
    base::HistogramReading times;
};

Requests::Requests(std::vector<Endpoint> endpoints)
    : endpoints_(std::move(endpoints)), first_rows_(first_rows(endpoints_)), cells_(row_count(endpoints_) * cells_per_row) {}

void Requests::count(std::size_t endpoint, std::size_t method, int status, std::chrono::nanoseconds duration) noexcept {
    const std::size_t row = (first_rows_[endpoint] + method) * cells_per_row;
    const auto nanoseconds = static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0));
    cells_.add(row + status_positions[static_cast<std::size_t>(std::clamp(status, status_min, status_max) - status_min)], 1);
    cells_.add(row + times_first + base::Histogram::bucket_of(bounds, nanoseconds), 1);
    cells_.add(row + sum_position, nanoseconds);
}

void Requests::write(Exposition& out) const {
    const std::vector<Row> asked_for = rows();
    out.family("dewar_http_requests_total", Type::counter,
               "Requests that were answered, by endpoint (\"none\": no route fits), method and status.");
    for (const Row& row : asked_for) {
        for (std::size_t i = 0; i < statuses.size(); ++i) {
            const std::uint64_t count = cells_.sum(row.first_cell + i);
            if (count > 0) out.sample(count, {{"endpoint", row.endpoint}, {"method", row.method}, {"status", statuses[i]}});
        }
    }
    out.family("dewar_http_request_duration_seconds", Type::histogram,
               "How long requests took from their last byte to their answer's first, without a wait for a worker.");
    for (const Row& row : asked_for) out.histogram(row.times, 1e9, {{"endpoint", row.endpoint}, {"method", row.method}});
}

std::vector<Requests::Row> Requests::rows() const {
    std::vector<Row> rows;
    std::size_t cell = 0;
    for (const Endpoint& endpoint : endpoints_) {
        for (const std::string& method : endpoint.methods) {
            Row row{endpoint.name, method, cell, {.bounds = bounds, .counts = {}, .sum = cells_.sum(cell + sum_position)}};
            for (std::size_t i = 0; i <= bounds.size(); ++i) row.times.counts.push_back(cells_.sum(cell + times_first + i));
            if (row.times.count() > 0) rows.push_back(std::move(row));
            cell += cells_per_row;
        }
    }
    return rows;
}

}  // namespace app::metrics
