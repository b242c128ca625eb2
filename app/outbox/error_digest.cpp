#include "app/outbox/error_digest.hpp"

#include <algorithm>
#include <utility>

namespace app::outbox {

namespace {

constexpr std::size_t kind_bytes_max = 200;
constexpr std::string_view other_kinds = "errors of many other kinds";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string kind_of(std::string_view message) {
    std::string kind;
    for (std::size_t i = 0; i < message.size() && kind.size() < kind_bytes_max; ++i) {
        const char c = message[i];
        const std::size_t end = c == '"' || c == '`' ? message.find(c, i + 1) : std::string_view::npos;
        if (end != std::string_view::npos) {
            kind.append(1, c).append("#").append(1, c);
            i = end;
        } else if (!is_digit(c)) {
            kind += c;
        } else if (!kind.ends_with('#')) {
            kind += '#';
        }
    }
    return kind;
}

std::optional<ErrorReport> ErrorDigest::add(LoggedError error) {
    std::string kind = kind_of(error.message);
    if (!windows_.contains(kind) && windows_.size() >= kinds_max_) kind = other_kinds;
    const auto [at, is_new] = windows_.try_emplace(kind, Window{.end = error.time + window_});
    ErrorReport report{.kind = kind, .error = std::move(error), .count = 1, .since = {}};
    report.since = report.error.time;
    if (is_new) return report;
    std::optional<ErrorReport>& held_back = at->second.held_back;
    if (held_back) {
        report.count = held_back->count + 1;
        report.since = held_back->since;
    }
    held_back = std::move(report);
    return std::nullopt;
}

std::vector<ErrorReport> ErrorDigest::take_due(base::Timestamp now) {
    std::vector<ErrorReport> reports;
    for (auto at = windows_.begin(); at != windows_.end();) {
        Window& window = at->second;
        if (window.end > now) {
            ++at;
        } else if (window.held_back) {
            reports.push_back(*std::exchange(window.held_back, std::nullopt));
            window.end = now + window_;
            ++at;
        } else {
            at = windows_.erase(at);
        }
    }
    return reports;
}

std::optional<base::Timestamp> ErrorDigest::next_due() const {
    if (windows_.empty()) return std::nullopt;
    const auto ends_first = [](const auto& a, const auto& b) { return a.second.end < b.second.end; };
    return std::ranges::min_element(windows_, ends_first)->second.end;
}

}  // namespace app::outbox
