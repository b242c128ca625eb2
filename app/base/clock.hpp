// Points in time. Everything that Dewar stores or signs is UTC in microseconds; the only clock that is read is now().
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace app::base {

using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

Timestamp now();

// Microseconds since 1970-01-01T00:00:00Z, and back.
std::int64_t to_microseconds(Timestamp time) noexcept;
Timestamp from_microseconds(std::int64_t microseconds) noexcept;

// "Sun, 22 Nov 2026 08:59:06 GMT" (RFC 9110 section 5.6.7, IMF-fixdate); the year has four digits.
std::string http_date(Timestamp time);

// "2026-11-22T08:59:06.123Z" (RFC 3339, UTC, milliseconds, cut rather than rounded).
std::string rfc3339(Timestamp time);

}  // namespace app::base
