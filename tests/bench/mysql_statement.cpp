#include "tests/bench/mysql_statement.hpp"

#include <chrono>
#include <stdexcept>

#include "app/base/clock.hpp"
#include "app/db/url.hpp"

namespace bench {
namespace {

using namespace std::chrono;

MYSQL_TIME to_mysql(std::int64_t microseconds) {
    const auto time = app::base::from_microseconds(microseconds);
    const auto midnight = floor<days>(time);
    const year_month_day date{midnight};
    const hh_mm_ss clock{time - midnight};
    MYSQL_TIME result{};
    result.year = static_cast<unsigned>(static_cast<int>(date.year()));
    result.month = static_cast<unsigned>(date.month());
    result.day = static_cast<unsigned>(date.day());
    result.hour = static_cast<unsigned>(clock.hours().count());
    result.minute = static_cast<unsigned>(clock.minutes().count());
    result.second = static_cast<unsigned>(clock.seconds().count());
    result.second_part = static_cast<unsigned long>(clock.subseconds().count());
    result.time_type = MYSQL_TIMESTAMP_DATETIME;
    return result;
}

std::int64_t from_mysql(const MYSQL_TIME& time) {
    const sys_days date = year_month_day{year(static_cast<int>(time.year)), month(time.month), day(time.day)};
    return app::base::to_microseconds(date + hours(time.hour) + minutes(time.minute) + seconds(time.second) +
                                      std::chrono::microseconds(time.second_part));
}

// The session is set up as Dewar's is, for what it changes in what the server does.
constexpr const char* session_sql[] = {
    "SET NAMES utf8mb4 COLLATE utf8mb4_bin",
    "SET SESSION autocommit = 1, time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,ANSI_QUOTES,NO_BACKSLASH_ESCAPES'",
    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"};

}  // namespace

MYSQL* MysqlStatement::open(const std::string& url) {
    const app::db::Url parsed = app::db::parse_url(url);
    MYSQL* database = mysql_init(nullptr);
    mysql_options(database, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    bool failed = mysql_real_connect(database, parsed.hosts[0].name.c_str(), parsed.user.c_str(), parsed.password.c_str(),
                                     parsed.name.c_str(), static_cast<unsigned>(parsed.hosts[0].port), nullptr,
                                     CLIENT_FOUND_ROWS) == nullptr;
    for (const char* sql : session_sql) failed = failed || mysql_query(database, sql) != 0;
    if (failed) throw std::runtime_error(mysql_error(database));
    return database;
}

MysqlStatement::MysqlStatement(MYSQL* database, const std::string& sql) : statement_(mysql_stmt_init(database)) {
    check(mysql_stmt_prepare(statement_, sql.data(), sql.size()) != 0);
    parameters_.resize(mysql_stmt_param_count(statement_));
    numbers_.resize(parameters_.size());
    times_.resize(parameters_.size());
    const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> metadata(mysql_stmt_result_metadata(statement_),
                                                                            mysql_free_result);
    if (!metadata) return;
    columns_.resize(mysql_num_fields(metadata.get()));
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        Column& column = columns_[i];
        MYSQL_BIND bind{};
        bind.length = &column.length;
        switch (mysql_fetch_field_direct(metadata.get(), static_cast<unsigned>(i))->type) {
            case MYSQL_TYPE_TINY:
            case MYSQL_TYPE_LONG:
            case MYSQL_TYPE_LONGLONG:
                bind.buffer_type = MYSQL_TYPE_LONGLONG;
                bind.buffer = &column.integer;
                break;
            case MYSQL_TYPE_DATETIME:
                bind.buffer_type = MYSQL_TYPE_DATETIME;
                bind.buffer = &column.time;
                break;
            default:
                bind.buffer_type = MYSQL_TYPE_STRING;
                bind.buffer = column.text.data();
                bind.buffer_length = column.text.size();
        }
        results_.push_back(bind);
    }
    check(mysql_stmt_bind_result(statement_, results_.data()) != 0);
}

void MysqlStatement::check(bool failed) const {
    if (failed) throw std::runtime_error(mysql_stmt_error(statement_));
}

void MysqlStatement::bind(int position, std::int64_t number) {
    const auto at = static_cast<std::size_t>(position - 1);
    numbers_[at] = number;
    parameters_[at] = {};
    parameters_[at].buffer_type = MYSQL_TYPE_LONGLONG;
    parameters_[at].buffer = &numbers_[at];
}

void MysqlStatement::bind(int position, std::string_view text) {
    MYSQL_BIND& bind = parameters_[static_cast<std::size_t>(position - 1)];
    bind = {};
    bind.buffer_type = MYSQL_TYPE_STRING;
    bind.buffer = const_cast<char*>(text.data());
    bind.buffer_length = text.size();
    bind.length_value = text.size();
    bind.length = &bind.length_value;
}

void MysqlStatement::bind_time(int position, std::int64_t microseconds) {
    const auto at = static_cast<std::size_t>(position - 1);
    times_[at] = to_mysql(microseconds);
    parameters_[at] = {};
    parameters_[at].buffer_type = MYSQL_TYPE_DATETIME;
    parameters_[at].buffer = &times_[at];
}

bool MysqlStatement::step() {
    if (!running_) {
        if (!parameters_.empty()) check(mysql_stmt_bind_param(statement_, parameters_.data()) != 0);
        check(mysql_stmt_execute(statement_) != 0);
        if (!results_.empty()) check(mysql_stmt_store_result(statement_) != 0);
        running_ = true;
    }
    if (results_.empty()) return false;
    const int fetched = mysql_stmt_fetch(statement_);
    check(fetched == 1);
    return fetched != MYSQL_NO_DATA;
}

void MysqlStatement::reset() {
    mysql_stmt_free_result(statement_);
    running_ = false;
}

std::int64_t MysqlStatement::integer(int column) {
    const auto at = static_cast<std::size_t>(column);
    return results_[at].buffer_type == MYSQL_TYPE_DATETIME ? from_mysql(columns_[at].time) : columns_[at].integer;
}

std::string_view MysqlStatement::text(int column) {
    const Column& value = columns_[static_cast<std::size_t>(column)];
    return {value.text.data(), value.length};
}

}  // namespace bench
