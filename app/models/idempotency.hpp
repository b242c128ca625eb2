// What a request was answered that came with an Idempotency-Key: kept for a day in the database, so that the same request sent again
// is answered the same, by any instance and after a restart, and writes nothing again. A key belongs to one account.
//
//     database.write([&](Connection& c) {
//         if (auto stored = find_stored_answer(c, user.id, key)) return answer_of(*stored);   // 422 if its fingerprint is another
//         ... write ...
//         store_answer(c, user.id, key, answer);
//     });
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "app/base/clock.hpp"
#include "app/db/database.hpp"

namespace app::models {

inline constexpr std::chrono::hours answer_lifetime{24};
inline constexpr std::size_t idempotency_key_bytes_max = 255;

struct StoredAnswer {
    std::string fingerprint;  // of the request, see request_fingerprint
    int status = 0;
    std::string location;    // "" for none
    std::string etag;        // "" for none; at most 255 bytes
    std::string media_type;  // at most 255 bytes
    std::string body;        // UTF-8 text
};

// What tells whether two requests are the same: 64 hexadecimal digits.
std::string request_fingerprint(std::string_view method, std::string_view path, std::string_view body);

// Both throw invalid for a key that is empty or longer than 255 bytes; any bytes may be in it, of which a SHA-256 sum is stored.
// find_: what was stored within answer_lifetime before `now`, or nothing.
std::optional<StoredAnswer> find_stored_answer(db::Connection& connection, std::int64_t user_id, std::string_view key,
                                               base::Timestamp now = base::now());

// To be called in the transaction that writes what is answered. Removes a few answers of any account that are too old, more than are
// added, so that they do not pile up. Throws conflict when another request has stored one under that key meanwhile (then nothing of
// this transaction may remain: let it through, and look again in a new one), and also when there is no such user.
void store_answer(db::Connection& connection, std::int64_t user_id, std::string_view key, const StoredAnswer& answer,
                  base::Timestamp now = base::now());

}  // namespace app::models
