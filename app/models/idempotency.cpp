#include "app/models/idempotency.hpp"

#include <utility>

#include "app/base/error.hpp"
#include "app/base/secret.hpp"

namespace app::models {

namespace {

constexpr int removed_at_once_max = 8;

std::string hash_of(std::string_view key) {
    if (key.empty() || key.size() > idempotency_key_bytes_max) {
        throw base::Error(base::Code::invalid,
                          "an Idempotency-Key has 1 to " + std::to_string(idempotency_key_bytes_max) + " bytes");
    }
    return base::sha256_hex(key);
}

StoredAnswer to_answer(const db::Row& row) {
    return {.fingerprint = std::string{row.text(0)},
            .status = static_cast<int>(row.integer(1)),
            .location = std::string{row.text(2)},
            .etag = std::string{row.text(3)},
            .media_type = std::string{row.text(4)},
            .body = std::string{row.text(5)}};
}

void remove_answer(db::Connection& connection, std::int64_t user_id, std::string_view key_hash, base::Timestamp end) {
    connection.execute("DELETE FROM idempotency_keys WHERE user_id = ? AND key_hash = ? AND created_at <= ?", user_id, key_hash,
                       end);
}

// One by one: not every server takes a DELETE with a LIMIT.
void remove_old_answers(db::Connection& connection, base::Timestamp end) {
    const auto old = connection.list(
        "SELECT user_id, key_hash FROM idempotency_keys WHERE created_at <= ? ORDER BY created_at LIMIT ?",
        [](const db::Row& row) { return std::pair{row.integer(0), std::string{row.text(1)}}; }, end, removed_at_once_max);
    for (const auto& [user_id, key_hash] : old) remove_answer(connection, user_id, key_hash, end);
}

}  // namespace

std::string request_fingerprint(std::string_view method, std::string_view path, std::string_view body) {
    return base::sha256_hex(std::string(method) + "\n" + std::string(path) + "\n" + base::sha256_hex(body));
}

std::optional<StoredAnswer> find_stored_answer(db::Connection& connection, std::int64_t user_id, std::string_view key,
                                               base::Timestamp now) {
    return connection.find("SELECT fingerprint, status, location, etag, media_type, body FROM idempotency_keys "
                           "WHERE user_id = ? AND key_hash = ? AND created_at > ?",
                           to_answer, user_id, hash_of(key), now - answer_lifetime);
}

void store_answer(db::Connection& connection, std::int64_t user_id, std::string_view key, const StoredAnswer& answer,
                  base::Timestamp now) {
    const std::string key_hash = hash_of(key);
    const base::Timestamp end = now - answer_lifetime;
    remove_answer(connection, user_id, key_hash, end);
    remove_old_answers(connection, end);
    connection.execute(
        "INSERT INTO idempotency_keys (user_id, key_hash, fingerprint, status, location, etag, media_type, body, created_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        user_id, key_hash, answer.fingerprint, answer.status, answer.location, answer.etag, answer.media_type, answer.body, now);
}

}  // namespace app::models
