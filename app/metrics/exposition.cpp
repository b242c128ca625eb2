#include "app/metrics/exposition.hpp"

#include <charconv>
#include <cmath>

namespace app::metrics {
namespace {

std::string_view name_of(Type type) {
    switch (type) {
        case Type::counter: return "counter";
        case Type::gauge: return "gauge";
        case Type::histogram: return "histogram";
    }
    return "untyped";
}

// A line feed ends a line, and a backslash begins an escape; a quote only ends the value of a label.
void append_escaped(std::string& text, std::string_view value, bool is_quoted) {
    for (const char c : value) {
        if (c == '\n') {
            text += "\\n";
        } else if (c == '\\' || (c == '"' && is_quoted)) {
            text += '\\';
            text += c;
        } else {
            text += c;
        }
    }
}

std::string shortest(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
    constexpr double exact_max = 1e15;  // whole numbers below it are written as such
    if (value == std::trunc(value) && std::abs(value) < exact_max) return std::to_string(static_cast<std::int64_t>(value));
    char digits[32];
    return {digits, std::to_chars(digits, digits + sizeof digits, value, std::chars_format::general).ptr};
}

}  // namespace

Exposition& Exposition::family(std::string_view name, Type type, std::string_view help) {
    name_ = name;
    text_.append("# HELP ").append(name).append(" ");
    append_escaped(text_, help, false);
    text_.append("\n# TYPE ").append(name).append(" ").append(name_of(type)).append("\n");
    return *this;
}

Exposition& Exposition::sample(std::uint64_t value, Labels labels) {
    begin("", labels);
    text_.append(std::to_string(value)).append("\n");
    return *this;
}

Exposition& Exposition::sample(double value, Labels labels) {
    begin("", labels);
    text_.append(shortest(value)).append("\n");
    return *this;
}

Exposition& Exposition::histogram(const base::HistogramReading& reading, double per_unit, Labels labels) {
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < reading.counts.size(); ++i) {
        count += reading.counts[i];
        const bool is_last = i == reading.bounds.size();
        begin("_bucket", labels, is_last ? "+Inf" : shortest(static_cast<double>(reading.bounds[i]) / per_unit));
        text_.append(std::to_string(count)).append("\n");
    }
    begin("_sum", labels);
    text_.append(shortest(static_cast<double>(reading.sum) / per_unit)).append("\n");
    begin("_count", labels);
    text_.append(std::to_string(count)).append("\n");
    return *this;
}

// A line up to its value.
void Exposition::begin(std::string_view suffix, Labels labels, std::string_view bound) {
    text_.append(name_).append(suffix);
    char before = '{';
    const auto add = [&](std::string_view name, std::string_view value) {
        text_.append(1, before).append(name).append("=\"");
        append_escaped(text_, value, true);
        text_ += '"';
        before = ',';
    };
    for (const auto& [name, value] : labels) add(name, value);
    if (!bound.empty()) add("le", bound);
    text_ += before == ',' ? "} " : " ";
}

}  // namespace app::metrics
