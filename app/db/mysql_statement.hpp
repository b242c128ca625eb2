// A statement that a MySQL server has prepared: values and rows cross the wire in their binary types.
#pragma once

#include <mysql.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/db/database.hpp"

namespace app::db {

class MysqlStatement {
   public:
    // Throws MysqlTrouble.
    MysqlStatement(MYSQL* mysql, std::string_view sql);

    std::size_t value_count() const { return parameters_.size(); }
    bool has_rows() const { return !columns_.empty(); }
    bool is_running() const { return running_; }

    // Sends the values (as many as value_count), takes the whole result off the wire, and calls each(row). So another statement
    // may run inside `each`, but not this one. Throws MysqlTrouble, invalid for a time that MySQL cannot hold, and what `each`
    // throws.
    Outcome run(const Value* values, base::FunctionRef<void(const Row&)> each);

   private:
    using Flag = std::remove_pointer_t<decltype(MYSQL_BIND::is_null)>;  // my_bool, or bool in MySQL 8
    // Of the current row, where the library writes it.
    struct Column {
        std::string name;
        enum_field_types type = MYSQL_TYPE_STRING;  // LONGLONG, DOUBLE, DATETIME or STRING
        std::int64_t integer = 0;
        double real = 0;
        MYSQL_TIME time{};
        std::vector<char> text;
        unsigned long length = 0;  // of the text; beyond its size when it did not fit
        Flag is_null = 0;
        mutable std::string as_text;  // what text() of another type hands out

        MYSQL_BIND bind();
    };
    class CurrentRow;
    class Running;
    struct Close {
        void operator()(MYSQL_STMT* statement) const { mysql_stmt_close(statement); }
    };

    void check(bool failed) const;
    void bind(const Value* values);
    void describe_columns();
    void fetch_rows(base::FunctionRef<void(const Row&)> each);
    bool grow_columns();

    std::unique_ptr<MYSQL_STMT, Close> statement_;
    std::vector<MYSQL_BIND> parameters_;
    std::vector<MYSQL_TIME> times_;       // of the parameters
    std::vector<unsigned long> lengths_;  // likewise
    std::vector<Column> columns_;
    std::vector<MYSQL_BIND> results_;  // one per column
    bool running_ = false;
};

}  // namespace app::db
