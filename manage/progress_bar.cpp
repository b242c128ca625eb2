#include "manage/progress_bar.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace manage {

namespace {

constexpr std::chrono::milliseconds frame_interval{100};
constexpr std::int64_t width = 30;

// One decimal, cut.
std::string tenths(std::int64_t number, std::int64_t unit) {
    return std::to_string(number / unit) + "." + std::to_string(number % unit * 10 / unit);
}

// If it fails there is nobody who looks.
void draw(const std::string& text) { [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size()); }

}  // namespace

ProgressBar::ProgressBar(std::string title) : title_(std::move(title)), shown_(::isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() { hide(); }

void ProgressBar::hide() {
    if (shown_) draw("\r\x1b[K");
    last_ = {};
}

void ProgressBar::show(std::int64_t done, std::int64_t total) {
    const auto now = std::chrono::steady_clock::now();
    if (!shown_ || now - last_ < frame_interval) return;
    last_ = now;
    std::string text = "\r" + title_ + " ";
    if (total > 0) {
        const std::int64_t filled = std::min(width, done * width / total);
        text += "[" + std::string(static_cast<std::size_t>(filled), '#') +
                std::string(static_cast<std::size_t>(width - filled), '.') + "] " +
                std::to_string(std::min<std::int64_t>(100, done * 100 / total)) + " %, ";
    }
    draw(text + with_commas(done) + "\x1b[K");
}

std::int64_t Stopwatch::elapsed_ms() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start_).count();
}

std::int64_t Stopwatch::per_second(std::int64_t count) const { return count * 1000 / std::max<std::int64_t>(1, elapsed_ms()); }

std::string with_commas(std::int64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
    return text;
}

std::string as_bytes(std::int64_t bytes) {
    constexpr std::array<std::string_view, 4> units{"kB", "MB", "GB", "TB"};
    if (bytes < 1000) return std::to_string(bytes) + " bytes";
    std::int64_t unit = 1000;
    std::size_t name = 0;
    while (name + 1 < units.size() && bytes / unit >= 1000) unit *= 1000, ++name;
    return tenths(bytes, unit) + " " + std::string(units[name]);
}

std::string as_duration(std::int64_t milliseconds) {
    return milliseconds < 1000 ? std::to_string(milliseconds) + " ms" : tenths(milliseconds, 1000) + " s";
}

}  // namespace manage
