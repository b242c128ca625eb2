#include "app/db/mysql_statement.hpp"

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>

#include "app/base/error.hpp"
#include "app/db/mysql_error.hpp"

namespace app::db {
namespace {

constexpr std::size_t text_bytes_first = 256;  // a column's buffer grows to its longest value

MYSQL_TIME to_mysql(base::Timestamp timestamp) {
    const auto midnight = std::chrono::floor<std::chrono::days>(timestamp);
    const std::chrono::year_month_day date{midnight};
    const std::chrono::hh_mm_ss clock{timestamp - midnight};
    const int year = static_cast<int>(date.year());
    if (year < 0 || year > 9999) throw base::Error(base::Code::invalid, "a time is beyond the years 0 to 9999");
    MYSQL_TIME time{};
    time.year = static_cast<unsigned>(year);
    time.month = static_cast<unsigned>(date.month());
    time.day = static_cast<unsigned>(date.day());
    time.hour = static_cast<unsigned>(clock.hours().count());
    time.minute = static_cast<unsigned>(clock.minutes().count());
    time.second = static_cast<unsigned>(clock.seconds().count());
    time.second_part = static_cast<unsigned long>(clock.subseconds().count());
    time.time_type = MYSQL_TIMESTAMP_DATETIME;
    return time;
}

base::Timestamp from_mysql(const MYSQL_TIME& time) {
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(time.year)), std::chrono::month(time.month),
                                           std::chrono::day(time.day)};
    return std::chrono::sys_days{date} + std::chrono::hours(time.hour) + std::chrono::minutes(time.minute) +
           std::chrono::seconds(time.second) + std::chrono::microseconds(time.second_part);
}

// In which of the four types a column is fetched. DECIMAL stays text: no other type holds it exactly.
enum_field_types fetched_as(enum_field_types type) {
    switch (type) {
        case MYSQL_TYPE_TINY:
        case MYSQL_TYPE_SHORT:
        case MYSQL_TYPE_INT24:
        case MYSQL_TYPE_LONG:
        case MYSQL_TYPE_LONGLONG:
        case MYSQL_TYPE_YEAR: return MYSQL_TYPE_LONGLONG;
        case MYSQL_TYPE_FLOAT:
        case MYSQL_TYPE_DOUBLE: return MYSQL_TYPE_DOUBLE;
        case MYSQL_TYPE_DATE:
        case MYSQL_TYPE_DATETIME:
        case MYSQL_TYPE_TIMESTAMP: return MYSQL_TYPE_DATETIME;
        default: return MYSQL_TYPE_STRING;
    }
}

}  // namespace

MYSQL_BIND MysqlStatement::Column::bind() {
    MYSQL_BIND bind{};
    bind.buffer_type = type;
    bind.length = &length;
    bind.is_null = &is_null;
    switch (type) {
        case MYSQL_TYPE_LONGLONG: bind.buffer = &integer; break;
        case MYSQL_TYPE_DOUBLE: bind.buffer = &real; break;
        case MYSQL_TYPE_DATETIME: bind.buffer = &time; break;
        default: bind.buffer = text.data(); bind.buffer_length = text.size();
    }
    return bind;
}

// Conversions are SQLite's: text reads as the number that it begins with, a time as its microseconds.
class MysqlStatement::CurrentRow final : public Row {
   public:
    explicit CurrentRow(const std::vector<Column>& columns) : columns_(columns) {}

    bool is_null(int column) const override { return at(column).is_null != 0; }

    std::int64_t integer(int column) const override {
        const Column& value = at(column);
        if (value.is_null) return 0;
        switch (value.type) {
            case MYSQL_TYPE_LONGLONG: return value.integer;
            case MYSQL_TYPE_DOUBLE: return static_cast<std::int64_t>(value.real);
            case MYSQL_TYPE_DATETIME: return base::to_microseconds(from_mysql(value.time));
            default: return std::strtoll(std::string(text(column)).c_str(), nullptr, 10);
        }
    }

    double real(int column) const override {
        const Column& value = at(column);
        if (value.is_null) return 0;
        if (value.type == MYSQL_TYPE_DOUBLE) return value.real;
        if (value.type == MYSQL_TYPE_STRING) return std::strtod(std::string(text(column)).c_str(), nullptr);
        return static_cast<double>(integer(column));
    }

    std::string_view text(int column) const override {
        const Column& value = at(column);
        if (value.is_null) return {};
        if (value.type == MYSQL_TYPE_STRING) return {value.text.data(), value.length};
        if (value.type == MYSQL_TYPE_DOUBLE) {
            char digits[32];
            value.as_text.assign(digits, std::to_chars(digits, digits + sizeof digits, value.real).ptr);
        } else {
            value.as_text = std::to_string(integer(column));
        }
        return value.as_text;
    }

    base::Timestamp time(int column) const override { return base::from_microseconds(integer(column)); }
    int columns() const override { return static_cast<int>(columns_.size()); }
    std::string_view name(int column) const override { return at(column).name; }
    Kind kind(int column) const override {
        const Column& value = at(column);
        if (value.is_null) return Kind::null;
        switch (value.type) {
            case MYSQL_TYPE_LONGLONG: return Kind::integer;
            case MYSQL_TYPE_DOUBLE: return Kind::real;
            case MYSQL_TYPE_DATETIME: return Kind::time;
            default: return Kind::text;
        }
    }

   private:
    const Column& at(int column) const { return columns_.at(static_cast<std::size_t>(column)); }

    const std::vector<Column>& columns_;
};

// Frees the result however the run ends.
class MysqlStatement::Running {
   public:
    explicit Running(MysqlStatement& statement) : statement_(statement) { statement_.running_ = true; }
    ~Running() {
        mysql_stmt_free_result(statement_.statement_.get());
        statement_.running_ = false;
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

   private:
    MysqlStatement& statement_;
};

MysqlStatement::MysqlStatement(MYSQL* mysql, std::string_view sql) : statement_(mysql_stmt_init(mysql)) {
    if (!statement_) throw std::bad_alloc();
    check(mysql_stmt_prepare(statement_.get(), sql.data(), sql.size()) != 0);
    const std::size_t count = mysql_stmt_param_count(statement_.get());
    parameters_.resize(count);
    times_.resize(count);
    lengths_.resize(count);
    describe_columns();
}

void MysqlStatement::check(bool failed) const {
    if (failed) throw MysqlTrouble(mysql_stmt_errno(statement_.get()), mysql_stmt_error(statement_.get()));
}

void MysqlStatement::describe_columns() {
    const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> metadata(mysql_stmt_result_metadata(statement_.get()),
                                                                            mysql_free_result);
    if (!metadata) return;
    const unsigned count = mysql_num_fields(metadata.get());
    columns_.resize(count);
    for (unsigned i = 0; i < count; ++i) {
        const MYSQL_FIELD* field = mysql_fetch_field_direct(metadata.get(), i);
        columns_[i].name.assign(field->name, field->name_length);
        columns_[i].type = fetched_as(field->type);
        if (columns_[i].type == MYSQL_TYPE_STRING) columns_[i].text.resize(text_bytes_first);
    }
    for (Column& column : columns_) results_.push_back(column.bind());
}

Outcome MysqlStatement::run(const Value* values, base::FunctionRef<void(const Row&)> each) {
    const Running running(*this);
    bind(values);
    check(mysql_stmt_execute(statement_.get()) != 0);
    if (has_rows()) {
        fetch_rows(each);
        return {};
    }
    return {static_cast<std::int64_t>(mysql_stmt_affected_rows(statement_.get())),
            static_cast<std::int64_t>(mysql_stmt_insert_id(statement_.get()))};
}

// The library only reads what the binds point to, though it takes pointers to what might change.
void MysqlStatement::bind(const Value* values) {
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        MYSQL_BIND& bind = parameters_[i];
        bind = {};
        if (const auto* integer = std::get_if<std::int64_t>(&values[i])) {
            bind.buffer_type = MYSQL_TYPE_LONGLONG;
            bind.buffer = const_cast<std::int64_t*>(integer);
        } else if (const auto* text = std::get_if<std::string_view>(&values[i])) {
            lengths_[i] = text->size();
            bind.buffer_type = MYSQL_TYPE_STRING;
            bind.buffer = const_cast<char*>(text->empty() ? "" : text->data());
            bind.buffer_length = lengths_[i];
            bind.length = &lengths_[i];
        } else if (const auto* time = std::get_if<base::Timestamp>(&values[i])) {
            times_[i] = to_mysql(*time);
            bind.buffer_type = MYSQL_TYPE_DATETIME;
            bind.buffer = &times_[i];
        } else if (const auto* real = std::get_if<double>(&values[i])) {
            bind.buffer_type = MYSQL_TYPE_DOUBLE;
            bind.buffer = const_cast<double*>(real);
        } else {
            bind.buffer_type = MYSQL_TYPE_NULL;
        }
    }
    if (!parameters_.empty()) check(mysql_stmt_bind_param(statement_.get(), parameters_.data()) != 0);
}

void MysqlStatement::fetch_rows(base::FunctionRef<void(const Row&)> each) {
    check(mysql_stmt_bind_result(statement_.get(), results_.data()) != 0);
    check(mysql_stmt_store_result(statement_.get()) != 0);  // an error in mid-result, such as 1969, shows here
    const CurrentRow row(columns_);
    for (;;) {
        const int fetched = mysql_stmt_fetch(statement_.get());
        if (fetched == MYSQL_NO_DATA) return;
        check(fetched != 0 && fetched != MYSQL_DATA_TRUNCATED);
        if (grow_columns()) check(mysql_stmt_bind_result(statement_.get(), results_.data()) != 0);
        each(row);
    }
}

// Whether a text was longer than its buffer, which is now as long, with the whole text in it.
bool MysqlStatement::grow_columns() {
    bool grown = false;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        Column& column = columns_[i];
        if (column.type != MYSQL_TYPE_STRING || column.is_null || column.length <= column.text.size()) continue;
        column.text.resize(column.length);
        results_[i] = column.bind();
        check(mysql_stmt_fetch_column(statement_.get(), &results_[i], static_cast<unsigned>(i), 0) != 0);
        grown = true;
    }
    return grown;
}

}  // namespace app::db
