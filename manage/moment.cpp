#include "manage/moment.hpp"

#include <algorithm>
#include <cstdlib>

#include "app/base/error.hpp"
#include "app/base/text.hpp"

namespace manage {

std::string moment() {
    std::string text = app::base::rfc3339(app::base::now());
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text;
}

bool is_moment(std::string_view text) {
    constexpr std::string_view pattern = "00000000T000000.000Z";
    return std::ranges::equal(text, pattern, [](char c, char kind) { return kind == '0' ? c >= '0' && c <= '9' : c == kind; });
}

app::base::Timestamp creation_time() {
    const char* given = std::getenv("SOURCE_DATE_EPOCH");
    if (given == nullptr || *given == '\0') return app::base::now();
    constexpr std::int64_t seconds_max = 253402300799;  // the end of the year 9999
    const auto seconds = app::base::parse_integer(given);
    if (!seconds || *seconds < 0 || *seconds > seconds_max) {
        throw app::base::Error(app::base::Code::invalid,
                               "environment SOURCE_DATE_EPOCH must be a number of seconds since 1970, not " + std::string(given));
    }
    return app::base::Timestamp(std::chrono::seconds(*seconds));
}

}  // namespace manage
