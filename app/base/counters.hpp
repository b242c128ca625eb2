// Numbers that hot paths count with and that somebody reads now and then. To count takes no lock and no memory: each thread adds to one
// of a few stripes, which share no cache line, and reading adds these up. A sum that is read while others count may lack what they
// are just counting; it never goes back. Every function may be called from any thread; only constructors take memory, and may throw.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace app::base {

// A row of numbers that begin at 0 and are added to, modulo 2^64.
class StripedCells {
   public:
    explicit StripedCells(std::size_t count);

    // `index` is below the count.
    void add(std::size_t index, std::uint64_t value) noexcept {
        Line& line = lines_[stripe() * lines_per_stripe_ + index / cells_per_line];
        line.cells[index % cells_per_line].fetch_add(value, std::memory_order_relaxed);
    }

    std::uint64_t sum(std::size_t index) const noexcept;

   private:
    static constexpr std::size_t stripes = 8, cells_per_line = 8;
    struct alignas(64) Line {
        std::array<std::atomic<std::uint64_t>, cells_per_line> cells{};
    };

    // Threads get the stripes by turns, so that the event loops, which come one after the other, have one each.
    static std::size_t stripe() noexcept {
        static std::atomic<std::size_t> threads{0};
        thread_local const std::size_t mine = threads.fetch_add(1, std::memory_order_relaxed) % stripes;
        return mine;
    }

    std::size_t lines_per_stripe_;
    std::vector<Line> lines_;
};

class Counter {
   public:
    void add(std::uint64_t value = 1) noexcept { cells_.add(0, value); }
    std::uint64_t value() const noexcept { return cells_.sum(0); }

   private:
    StripedCells cells_{1};
};

// What may be had at this moment; for what changes seldom or under a lock anyway.
using Gauge = std::atomic<std::int64_t>;

// What a histogram held at one moment.
struct HistogramReading {
    std::span<const std::uint64_t> bounds;  // as the histogram's
    std::vector<std::uint64_t> counts;      // of values up to each bound and above the one before; the last: above all bounds
    std::uint64_t sum = 0;                  // of all values

    std::uint64_t count() const noexcept;
};

class Histogram {
   public:
    // `bounds` ascend and outlive the histogram; in the unit of the values.
    explicit Histogram(std::span<const std::uint64_t> bounds);

    void observe(std::uint64_t value) noexcept {
        cells_.add(bucket_of(bounds_, value), 1);
        cells_.add(bounds_.size() + 1, value);
    }

    HistogramReading read() const;

    // The first bound that is not below the value: its index; one behind the last when all are.
    static std::size_t bucket_of(std::span<const std::uint64_t> bounds, std::uint64_t value) noexcept {
        std::size_t index = 0;
        while (index < bounds.size() && bounds[index] < value) ++index;
        return index;
    }

   private:
    std::span<const std::uint64_t> bounds_;
    StripedCells cells_;
};

// From 50 us to 10 s: what a request, a read or a write may take. In nanoseconds.
inline constexpr std::array<std::uint64_t, 17> duration_bounds_ns{
    50'000,     100'000,     250'000,     500'000,     1'000'000,     2'500'000,     5'000'000,     10'000'000,    25'000'000,
    50'000'000, 100'000'000, 250'000'000, 500'000'000, 1'000'000'000, 2'500'000'000, 5'000'000'000, 10'000'000'000};

// Tells a histogram of nanoseconds how long it lived.
class Stopwatch {
   public:
    explicit Stopwatch(Histogram& histogram) noexcept : histogram_(histogram), start_(Clock::now()) {}
    ~Stopwatch() {
        const std::chrono::nanoseconds elapsed = Clock::now() - start_;
        histogram_.observe(static_cast<std::uint64_t>(elapsed.count()));
    }
    Stopwatch(const Stopwatch&) = delete;
    Stopwatch& operator=(const Stopwatch&) = delete;

   private:
    using Clock = std::chrono::steady_clock;

    Histogram& histogram_;
    Clock::time_point start_;
};

}  // namespace app::base
