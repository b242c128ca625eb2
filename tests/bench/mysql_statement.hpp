// A prepared statement by the calls of MySQL's client library, in the shape that bench::Session asks for (see work.hpp).
#pragma once

#include <mysql.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

class MysqlStatement {
   public:
    using Database = MYSQL;
    static constexpr const char* begin_sql = "START TRANSACTION";

    // Signs in as mysql://USER@HOST:PORT/NAME says.
    static Database* open(const std::string& url);
    static void close(Database* database) { mysql_close(database); }
    static std::int64_t last_id(Database* database) { return static_cast<std::int64_t>(mysql_insert_id(database)); }

    MysqlStatement(Database* database, const std::string& sql);
    ~MysqlStatement() { mysql_stmt_close(statement_); }
    MysqlStatement(const MysqlStatement&) = delete;
    MysqlStatement& operator=(const MysqlStatement&) = delete;

    void bind(int position, std::int64_t number);
    void bind(int position, std::string_view text);  // not copied
    void bind_time(int position, std::int64_t microseconds);
    bool step();  // runs it the first time; whether there is a row
    void reset();
    std::int64_t integer(int column);  // microseconds of a time
    std::string_view text(int column);
    void run() {
        step();
        reset();
    }

   private:
    struct Column {
        std::int64_t integer = 0;
        MYSQL_TIME time{};
        std::vector<char> text = std::vector<char>(65536);
        unsigned long length = 0;
    };

    void check(bool failed) const;

    MYSQL_STMT* statement_;
    std::vector<MYSQL_BIND> parameters_, results_;
    std::vector<std::int64_t> numbers_;  // of the parameters
    std::vector<MYSQL_TIME> times_;
    std::vector<Column> columns_;
    bool running_ = false;
};

}  // namespace bench
