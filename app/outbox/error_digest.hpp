// Which errors of the log are worth a mail: the first of a kind, and then at most one mail per kind in a window of time, which tells how
// many there were meanwhile. Knows neither clock nor mail. For one thread at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/clock.hpp"

namespace app::outbox {

// What errors of one cause have in common: the message with every number, and whatever stands in quotes, as '#'. At most 200 bytes.
std::string kind_of(std::string_view message);

struct LoggedError {
    base::Timestamp time;
    std::string message;
    std::string request_id;  // may be empty
};

struct ErrorReport {
    std::string kind;
    LoggedError error;           // the only one, or the last of several
    int count = 1;               // of this kind since the last report, this one included
    base::Timestamp since = {};  // the time of the first of them
};

class ErrorDigest {
   public:
    // Beyond `kinds_max` kinds in a window, all others count as one kind, so that whoever finds a way to make errors up fills no inbox.
    explicit ErrorDigest(std::chrono::seconds window = std::chrono::minutes{10}, std::size_t kinds_max = 20)
        : window_(window), kinds_max_(kinds_max) {}

    // The report if there is to be one now.
    std::optional<ErrorReport> add(LoggedError error);

    // Reports of those that came during a window that is over by now.
    std::vector<ErrorReport> take_due(base::Timestamp now);

    // When take_due is to be called next; nothing if no window is open.
    std::optional<base::Timestamp> next_due() const;

   private:
    struct Window {
        base::Timestamp end;
        std::optional<ErrorReport> held_back = {};
    };

    std::chrono::seconds window_;
    std::size_t kinds_max_;
    std::map<std::string, Window, std::less<>> windows_;  // by kind
};

}  // namespace app::outbox
