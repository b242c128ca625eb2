#include "tests/bench/work.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "app/base/clock.hpp"
#include "app/base/text.hpp"
#include "tests/bench/mysql_statement.hpp"

namespace bench {
namespace {

using app::base::Timestamp;

constexpr std::int64_t posts_per_page = 20;
constexpr std::int64_t write_permission = 4;

// As in app/models/user.cpp and post.cpp.
constexpr const char* find_user_sql =
    "SELECT users.id, users.email, users.username, users.confirmed, users.role_id, "
    "(SELECT roles.name FROM roles WHERE roles.id = users.role_id), "
    "(SELECT roles.permissions FROM roles WHERE roles.id = users.role_id), "
    "users.member_since, users.last_seen, users.token_version, users.post_count, users.follower_count, "
    "users.following_count, users.version, users.password_hash FROM users WHERE users.id = ?";
const std::string select_post =
    "SELECT posts.id, posts.body, posts.body_html, posts.created_at, posts.updated_at, posts.author_id, "
    "(SELECT users.username FROM users WHERE users.id = posts.author_id), posts.comment_count, posts.version "
    "FROM posts ";
constexpr const char* insert_post_sql =
    "INSERT INTO posts (author_id, body, body_html, created_at, updated_at, comment_count) VALUES (?, ?, ?, ?, ?, 0)";

void append(std::string& out, std::int64_t number) {
    char text[24];
    out.append(text, std::to_chars(text, text + sizeof text, number).ptr);
}

constexpr auto needs_escape = [] {
    std::array<bool, 256> table{};
    for (int byte = 0; byte < 0x20; ++byte) table[static_cast<std::size_t>(byte)] = true;
    table['"'] = table['\\'] = true;
    return table;
}();

void append_text(std::string& out, std::string_view text) {
    std::size_t clean = 0;  // what begins here needs no escape
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (!needs_escape[byte]) continue;
        out.append(text, clean, i - clean);
        clean = i + 1;
        switch (byte) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default: out.append("\\u00").append(1, "01"[byte >> 4]).append(1, "0123456789abcdef"[byte & 15]);
        }
    }
    out.append(text, clean);
}

void append_date(std::string& out, std::int64_t microseconds) {
    const Timestamp time = app::base::from_microseconds(microseconds);
    const auto midnight = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{midnight};
    const auto second = static_cast<unsigned>(std::chrono::floor<std::chrono::seconds>(time - midnight).count());
    char text[] = "Sun, 00 Jan 0000 00:00:00 GMT";
    const auto put = [&](int position, unsigned number) {
        text[position] = static_cast<char>('0' + number / 10);
        text[position + 1] = static_cast<char>('0' + number % 10);
    };
    const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
    std::memcpy(text, &"SunMonTueWedThuFriSat"[std::chrono::weekday{midnight}.c_encoding() * 3], 3);
    put(5, static_cast<unsigned>(date.day()));
    std::memcpy(text + 8, &"JanFebMarAprMayJunJulAugSepOctNovDec"[(static_cast<unsigned>(date.month()) - 1) * 3], 3);
    put(12, year / 100);
    put(14, year % 100);
    put(17, second / 3600);
    put(20, second / 60 % 60);
    put(23, second % 60);
    out.append(text, sizeof text - 1);
}

template <class Statement>
void append_row(std::string& json, Statement& row) {
    json += R"({"author_url":"/api/v1.0/users/)";
    append(json, row.integer(5));
    json += R"(","body":")";
    append_text(json, row.text(1));
    json += R"(","body_html":")";
    append_text(json, row.text(2));
    json += R"(","comment_count":)";
    append(json, row.integer(7));
    json += R"(,"comments_url":"/api/v1.0/posts/)";
    append(json, row.integer(0));
    json += R"(/comments/","timestamp":")";
    append_date(json, row.integer(3));
    json += R"(","url":"/api/v1.0/posts/)";
    append(json, row.integer(0));
    json += R"("})";
}

void append_link(std::string& json, std::int64_t page, bool exists) {
    if (!exists) {
        json += "null";
        return;
    }
    json += R"("/api/v1.0/posts/?page=)";
    append(json, page);
    json += '"';
}

}  // namespace

app::base::Signer make_signer() {
    const char* key = std::getenv("SECRET_KEY");
    if (key == nullptr) throw std::runtime_error("SECRET_KEY is not set");
    return app::base::Signer{key, {}};
}

std::string_view body_of(std::string_view json) {
    constexpr std::string_view start = R"({"body":")";
    return json.substr(start.size(), json.size() - start.size() - 2);
}

sqlite3* SqliteStatement::open(const std::string& file) {
    sqlite3* database = nullptr;
    int result = sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    if (result == SQLITE_OK) {
        sqlite3_busy_timeout(database, 5000);
        result = sqlite3_exec(database,
                              "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; "
                              "PRAGMA cache_size = -8192; PRAGMA mmap_size = 268435456",
                              nullptr, nullptr, nullptr);
    }
    if (result != SQLITE_OK) throw std::runtime_error("cannot open " + file + ": " + sqlite3_errmsg(database));
    return database;
}

SqliteStatement::SqliteStatement(sqlite3* database, const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    const int result = sqlite3_prepare_v3(database, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (result != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(database));
    statement_.reset(statement);
}

void SqliteStatement::bind(int position, std::int64_t number) { sqlite3_bind_int64(statement_.get(), position, number); }

void SqliteStatement::bind(int position, std::string_view text) {
    sqlite3_bind_text(statement_.get(), position, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

bool SqliteStatement::step() {
    const int result = sqlite3_step(statement_.get());
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        throw std::runtime_error(sqlite3_errmsg(sqlite3_db_handle(statement_.get())));
    return result == SQLITE_ROW;
}

std::string_view SqliteStatement::text(int column) {
    const unsigned char* start = sqlite3_column_text(statement_.get(), column);
    return {reinterpret_cast<const char*>(start), static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

template <class Statement>
Session<Statement>::Session(const std::string& database, const app::base::Signer& signer)
    : signer_(signer),
      database_(Statement::open(database)),
      find_user_(database_.get(), find_user_sql),
      find_post_(database_.get(), select_post + "WHERE posts.id = ?"),
      count_posts_(database_.get(), "SELECT CAST(SUM(amount) AS SIGNED) FROM totals WHERE name = 'posts'"),
      list_posts_(database_.get(), select_post + "WHERE posts.id > ? ORDER BY posts.id LIMIT ? OFFSET ?"),
      begin_(database_.get(), Statement::begin_sql),
      count_author_(database_.get(), "UPDATE users SET post_count = post_count + 1, version = version + 1 WHERE id = ?"),
      insert_post_(database_.get(), insert_post_sql),
      count_post_(database_.get(), "UPDATE totals SET amount = amount + 1 WHERE name = 'posts' AND slot = ?"),
      commit_(database_.get(), "COMMIT") {}

template <class Statement>
typename Session<Statement>::User Session<Statement>::authenticate(std::string_view credentials) {
    const auto token = app::base::base64_decode(credentials);
    if (!token || token->empty()) return {};
    const auto claims = signer_.verify("api", std::string_view{*token}.substr(0, token->size() - 1), app::base::now());
    if (!claims) return {};
    User user;
    find_user_.bind(1, claims->subject);
    if (find_user_.step() && find_user_.integer(9) == claims->version && find_user_.integer(3) != 0) {
        user = {find_user_.integer(0), (find_user_.integer(6) & write_permission) != 0};
    }
    find_user_.reset();
    return user;
}

template <class Statement>
bool Session<Statement>::append_post(std::string& json, std::int64_t id) {
    find_post_.bind(1, id);
    const bool found = find_post_.step();
    if (found) append_row(json, find_post_);
    find_post_.reset();
    return found;
}

template <class Statement>
void Session<Statement>::append_page(std::string& json, std::int64_t page) {
    count_posts_.step();
    const std::int64_t total = count_posts_.integer(0);
    count_posts_.reset();
    json += R"({"count":)";
    append(json, total);
    json += R"(,"next":)";
    append_link(json, page + 1, page * posts_per_page < total);
    json += R"(,"posts":[)";
    list_posts_.bind(1, std::numeric_limits<std::int64_t>::min());
    list_posts_.bind(2, posts_per_page);
    list_posts_.bind(3, (page - 1) * posts_per_page);
    for (bool first = true; list_posts_.step(); first = false) {
        if (!first) json += ',';
        append_row(json, list_posts_);
    }
    list_posts_.reset();
    json += R"(],"prev":)";
    append_link(json, page - 1, page > 1);
    json += '}';
}

template <class Statement>
void Session<Statement>::add_post(std::string& json, std::int64_t author_id, std::string_view body, std::string_view html) {
    count_author_.bind(1, author_id);
    count_author_.run();
    const std::int64_t now = app::base::to_microseconds(app::base::now());
    insert_post_.bind(1, author_id);
    insert_post_.bind(2, body);
    insert_post_.bind(3, html);
    insert_post_.bind_time(4, now);
    insert_post_.bind_time(5, now);
    insert_post_.run();
    const std::int64_t id = Statement::last_id(database_.get());
    count_post_.bind(1, author_id % 32);
    count_post_.run();
    append_post(json, id);
}

template class Session<SqliteStatement>;
template class Session<MysqlStatement>;

}  // namespace bench
