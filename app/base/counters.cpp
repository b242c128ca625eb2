#include "app/base/counters.hpp"

#include <numeric>

namespace app::base {

StripedCells::StripedCells(std::size_t count)
    : lines_per_stripe_((count + cells_per_line - 1) / cells_per_line), lines_(lines_per_stripe_ * stripes) {}

std::uint64_t StripedCells::sum(std::size_t index) const noexcept {
    std::uint64_t sum = 0;
    for (std::size_t stripe = 0; stripe < stripes; ++stripe) {
        const Line& line = lines_[stripe * lines_per_stripe_ + index / cells_per_line];
        sum += line.cells[index % cells_per_line].load(std::memory_order_relaxed);
    }
    return sum;
}

std::uint64_t HistogramReading::count() const noexcept { return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}); }

Histogram::Histogram(std::span<const std::uint64_t> bounds) : bounds_(bounds), cells_(bounds.size() + 2) {}

HistogramReading Histogram::read() const {
    HistogramReading reading{.bounds = bounds_, .counts = {}, .sum = cells_.sum(bounds_.size() + 1)};
    for (std::size_t i = 0; i <= bounds_.size(); ++i) reading.counts.push_back(cells_.sum(i));
    return reading;
}

}  // namespace app::base
