#include "app/archive/tables.hpp"

#include "app/base/error.hpp"
#include "app/db/schema.hpp"

namespace app::archive {

namespace {

using enum Type;

constexpr Column roles[] = {{"id", integer}, {"name", text}, {"permissions", integer}, {"is_default", integer}};

constexpr Column users[] = {{"id", integer},
                            {"email", text},
                            {"username", text},
                            {"username_key", text},
                            {"password_hash", text},
                            {"confirmed", integer},
                            {"role_id", integer},
                            {"member_since", time},
                            {"last_seen", time},
                            {"token_version", integer},
                            {"post_count", integer},
                            {"version", integer},
                            {"follower_count", integer},
                            {"following_count", integer}};

constexpr Column posts[] = {
    {"id", integer},      {"author_id", integer},     {"body", text},      {"body_html", text}, {"created_at", time},
    {"updated_at", time}, {"comment_count", integer}, {"version", integer}};

constexpr Column comments[] = {{"id", integer},       {"post_id", integer}, {"author_id", integer},
                               {"body", text},        {"body_html", text},  {"created_at", time},
                               {"disabled", integer}, {"version", integer}, {"updated_at", time}};

constexpr Column follows[] = {{"follower_id", integer}, {"followed_id", integer}, {"created_at", time}};

constexpr Column totals[] = {{"name", text}, {"slot", integer}, {"amount", integer}};

constexpr Column idempotency_keys[] = {{"user_id", integer}, {"key_hash", text}, {"fingerprint", text},
                                       {"status", integer},  {"location", text}, {"etag", text},
                                       {"media_type", text}, {"body", text},     {"created_at", time}};

constexpr Column mails[] = {{"id", integer},        {"state", text},      {"sender", text},          {"recipients", text},
                            {"subject", text},      {"body_text", text},  {"body_html", text},       {"message_id", text},
                            {"dated_at", time},     {"created_at", time}, {"queued_at", time},       {"attempts", integer},
                            {"due_at", time},       {"lease", text},      {"last_attempt_at", time}, {"last_stage", text},
                            {"last_trouble", text}, {"last_words", text}, {"finished_at", time}};

constexpr Table all[] = {
    {"roles", 1, roles, true},
    {"users", 1, users},
    {"posts", 1, posts},
    {"comments", 1, comments},
    {"follows", 2, follows},
    {"totals", 2, totals, true},
    {"idempotency_keys", 2, idempotency_keys},
    {"mails", 1, mails},
};

}  // namespace

std::string_view to_string(Type type) noexcept {
    switch (type) {
        case integer: return "integer";
        case text: return "text";
        case time: return "time";
    }
    return "";
}

std::span<const Table> tables() noexcept { return all; }

std::int64_t schema_version(db::Database& database) {
    const db::Schema schema = db::inspect(database, db::migrations(database.dialect()));
    if (schema.state != db::Schema::State::current) throw base::Error(base::Code::unavailable, schema.problem);
    if (schema.version > schema.latest) {
        throw base::Error(base::Code::unavailable, "the database has schema version " + std::to_string(schema.version) +
                                                       ", of which this binary knows only " + std::to_string(schema.latest) +
                                                       ": use the binary that it was deployed with");
    }
    return schema.version;
}

}  // namespace app::archive
