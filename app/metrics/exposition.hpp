// Writes what was counted in the text format that Prometheus and its like read, version 0.0.4
// (https://prometheus.io/docs/instrumenting/exposition_formats/): families with HELP and TYPE, and their samples. For one thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "app/base/counters.hpp"

namespace app::metrics {

inline constexpr const char* media_type = "text/plain; version=0.0.4; charset=utf-8";

// Names are literals of ours: [a-zA-Z_][a-zA-Z0-9_]*, with the unit at the end, and of a counter "_total" behind it. Values of labels
// are any UTF-8.
using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

enum class Type { counter, gauge, histogram };

class Exposition {
   public:
    // Begins a family: what follows, until the next, are its samples, each with labels of its own. No family is begun twice.
    Exposition& family(std::string_view name, Type type, std::string_view help);

    Exposition& sample(std::uint64_t value, Labels labels = {});
    Exposition& sample(double value, Labels labels = {});

    // Buckets, sum and count of a histogram whose values are `per_unit` to one of the family's unit: 1e9 for nanoseconds in a family of
    // seconds.
    Exposition& histogram(const base::HistogramReading& reading, double per_unit, Labels labels = {});

    const std::string& text() const noexcept { return text_; }

   private:
    void begin(std::string_view suffix, Labels labels, std::string_view bound = {});

    std::string text_;
    std::string name_;
};

}  // namespace app::metrics
