#include "manage/metrics_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace manage {

namespace {

std::optional<double> parse_number(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// From behind the opening brace; `line` is left behind the closing one.
bool parse_labels(std::string_view& line, Scrape::Labels& labels) {
    while (!line.starts_with('}')) {
        const auto equals = line.find("=\"");
        if (equals == std::string_view::npos) return false;
        const std::string name(line.substr(0, equals));
        line.remove_prefix(equals + 2);
        std::string value;
        while (!line.empty() && line.front() != '"') {
            if (line.front() == '\\' && line.size() > 1) {
                line.remove_prefix(1);
                value += line.front() == 'n' ? '\n' : line.front();
            } else {
                value += line.front();
            }
            line.remove_prefix(1);
        }
        if (line.size() < 2) return false;
        line.remove_prefix(1);
        if (line.starts_with(',')) line.remove_prefix(1);
        labels.emplace(name, std::move(value));
    }
    line.remove_prefix(1);
    return true;
}

std::optional<Scrape::Sample> parse_sample(std::string_view line) {
    Scrape::Sample sample;
    const auto name_end = line.find_first_of("{ ");
    if (name_end == std::string_view::npos || name_end == 0) return std::nullopt;
    sample.name = line.substr(0, name_end);
    line.remove_prefix(name_end);
    if (line.starts_with('{')) {
        line.remove_prefix(1);
        if (!parse_labels(line, sample.labels)) return std::nullopt;
    }
    if (!line.starts_with(' ')) return std::nullopt;
    const auto value = parse_number(line.substr(1));
    if (!value) return std::nullopt;
    constexpr double most = 1e200;  // so that sums and differences stay numbers, whatever somebody sends
    sample.value = std::isnan(*value) ? 0 : std::clamp(*value, -most, most);
    return sample;
}

bool has_labels(const Scrape::Labels& all, const Scrape::Labels& wanted) {
    return std::ranges::all_of(wanted, [&](const auto& label) {
        const auto found = all.find(label.first);
        return found != all.end() && found->second == label.second;
    });
}

}  // namespace

std::optional<Scrape> Scrape::parse(std::string_view text, Clock::time_point at) {
    Scrape scrape;
    scrape.at_ = at;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.starts_with('#')) continue;
        auto sample = parse_sample(line);
        if (!sample) return std::nullopt;
        scrape.samples_.push_back(*std::move(sample));
    }
    if (!scrape.has("dewar_build_info")) return std::nullopt;
    return scrape;
}

double Scrape::sum(std::string_view name, const Labels& labels) const {
    double sum = 0;
    for (const Sample& sample : samples_) {
        if (sample.name == name && has_labels(sample.labels, labels)) sum += sample.value;
    }
    return sum;
}

bool Scrape::has(std::string_view name) const { return std::ranges::find(samples_, name, &Sample::name) != samples_.end(); }

std::string Scrape::build(std::string_view label) const {
    const auto info = std::ranges::find(samples_, "dewar_build_info", &Sample::name);
    if (info == samples_.end()) return {};
    const auto found = info->labels.find(label);
    return found == info->labels.end() ? std::string{} : found->second;
}

Interval::Interval(const Scrape& before, const Scrape& after)
    : before_(before),
      after_(after),
      is_restarted_(before.sum("process_start_time_seconds") != after.sum("process_start_time_seconds")),
      seconds_(std::max(std::chrono::duration<double>(after.at() - before.at()).count(), 1e-3)) {}

double Interval::growth(std::string_view name, const Scrape::Labels& labels) const {
    const double now = after_.sum(name, labels);
    return std::max(is_restarted_ ? now : now - before_.sum(name, labels), 0.0);
}

std::optional<double> Interval::quantile(double part, std::string_view name, const Scrape::Labels& labels) const {
    const std::string bucket = std::string(name) + "_bucket";
    std::map<double, double> grown;  // by bound; counts together, as they were sent
    const auto add = [&](const Scrape& scrape, double sign) {
        for (const Scrape::Sample& sample : scrape.samples()) {
            if (sample.name != bucket || !has_labels(sample.labels, labels)) continue;
            const auto bound = sample.labels.find("le");
            if (bound == sample.labels.end()) continue;
            const auto number = parse_number(bound->second);
            grown[number && !std::isnan(*number) ? *number : std::numeric_limits<double>::infinity()] += sign * sample.value;
        }
    };
    add(after_, 1);
    if (!is_restarted_) add(before_, -1);
    if (grown.empty() || grown.rbegin()->second <= 0) return std::nullopt;
    const double wanted = part * grown.rbegin()->second;
    double bound_below = 0, count_below = 0;
    for (const auto& [bound, count] : grown) {
        if (count >= wanted && count > count_below) {
            if (std::isinf(bound)) return bound_below;
            return bound_below + (bound - bound_below) * (wanted - count_below) / (count - count_below);
        }
        bound_below = bound;
        count_below = count;
    }
    return bound_below;
}

}  // namespace manage
