// What /metrics of a running server said, as numbers to be asked for.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace manage {

class Scrape {
   public:
    using Clock = std::chrono::steady_clock;
    using Labels = std::map<std::string, std::string, std::less<>>;
    struct Sample {
        std::string name;
        Labels labels;
        double value = 0;
    };

    // Reads Prometheus's text format 0.0.4. Nothing when the text is not in it or is not Dewar's.
    static std::optional<Scrape> parse(std::string_view text, Clock::time_point at = Clock::now());

    Clock::time_point at() const noexcept { return at_; }
    const std::vector<Sample>& samples() const noexcept { return samples_; }

    // The sum over all series of that name that have these labels, among others; 0 when there is none.
    double sum(std::string_view name, const Labels& labels = {}) const;
    bool has(std::string_view name) const;
    // A label of dewar_build_info; "" when it has none of that name.
    std::string build(std::string_view label) const;

   private:
    Clock::time_point at_;
    std::vector<Sample> samples_;
};

// What happened between two scrapes.
class Interval {
   public:
    // Both outlive it. A server that was started anew in between has counted from 0.
    Interval(const Scrape& before, const Scrape& after);

    double seconds() const noexcept { return seconds_; }

    // How much a counter grew, and how much in a second.
    double growth(std::string_view name, const Scrape::Labels& labels = {}) const;
    double rate(std::string_view name, const Scrape::Labels& labels = {}) const { return growth(name, labels) / seconds_; }

    // The value that such a part (0.95) of what a histogram was told did not exceed, interpolated in its bucket as histogram_quantile does;
    // nothing when it was told nothing. Above the highest bound it is that bound.
    std::optional<double> quantile(double part, std::string_view name, const Scrape::Labels& labels = {}) const;

   private:
    const Scrape& before_;
    const Scrape& after_;
    const bool is_restarted_;
    const double seconds_;
};

}  // namespace manage
