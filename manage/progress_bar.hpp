// How far a long thing has come, on one line of the terminal that goes when it is done. Elsewhere nothing is shown.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace manage {

// On standard error. For one thread.
class ProgressBar {
   public:
    explicit ProgressBar(std::string title);
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    // Whether anybody sees it: what only it needs can be left out otherwise.
    bool is_shown() const noexcept { return shown_; }

    // Draws it, at most ten times a second. `total` 0: nobody knows.
    void show(std::int64_t done, std::int64_t total);

    // Takes it away until it is shown again: before something else is written to the terminal.
    void hide();

   private:
    std::string title_;
    bool shown_;
    std::chrono::steady_clock::time_point last_{};
};

// What was moved, how fast, since it was made.
class Stopwatch {
   public:
    std::int64_t elapsed_ms() const;
    std::int64_t per_second(std::int64_t count) const;

   private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// "1,234,567"; "1.2 MB"; "1.2 s" or "120 ms".
std::string with_commas(std::int64_t number);
std::string as_bytes(std::int64_t bytes);
std::string as_duration(std::int64_t milliseconds);

}  // namespace manage
