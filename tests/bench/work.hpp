// The work of the benchmark's requests, done once for all yardsticks (limit.cpp, stock.cpp; mysql_limit.cpp): the SQL that Dewar runs
// for the same request, by the database's own interface and nothing between, and JSON written by hand, byte for byte Dewar's
// documents. Tokens and Markdown go through Dewar's own libraries, so that their price is the same. Nothing is kept between
// requests but the prepared statements. What goes wrong throws std::runtime_error and ends the program: a yardstick is not asked
// anything unexpected.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "app/base/secret.hpp"

namespace bench {

// Signs and reads tokens by the environment's SECRET_KEY.
app::base::Signer make_signer();

// The text of {"body":"..."} as wrk/new_post.lua sends it: without escapes.
std::string_view body_of(std::string_view json);

inline constexpr std::string_view healthy = R"({"status":"ok"})";

// A prepared statement; parameters count from 1, columns from 0. Whoever stepped resets, for a read lasts until then.
class SqliteStatement {
   public:
    using Database = sqlite3;
    static constexpr const char* begin_sql = "BEGIN IMMEDIATE";

    static Database* open(const std::string& file);
    static void close(Database* database) { sqlite3_close_v2(database); }
    static std::int64_t last_id(Database* database) { return sqlite3_last_insert_rowid(database); }

    SqliteStatement(Database* database, const std::string& sql);

    void bind(int position, std::int64_t number);
    void bind(int position, std::string_view text);  // not copied
    void bind_time(int position, std::int64_t microseconds) { bind(position, microseconds); }
    bool step();  // whether there is a row
    void reset() { sqlite3_reset(statement_.get()); }
    std::int64_t integer(int column) { return sqlite3_column_int64(statement_.get(), column); }
    std::string_view text(int column);

    void run() {  // for what has no rows
        step();
        reset();
    }

   private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// A connection with its statements, for one thread at a time. Statement is SqliteStatement or MysqlStatement.
template <class Statement>
class Session {
   public:
    struct User {
        std::int64_t id = 0;  // 0: nobody
        bool may_write = false;
    };

    // The signer outlives the session.
    Session(const std::string& database, const app::base::Signer& signer);

    // Whose token that is; `credentials` is what follows "Basic " in Authorization.
    User authenticate(std::string_view credentials);

    // These append a document of API v1.0.
    bool append_post(std::string& json, std::int64_t id);  // false: there is no such post
    void append_page(std::string& json, std::int64_t page);

    // Between begin and commit. `html` is the rendered body.
    void begin() { begin_.run(); }
    void add_post(std::string& json, std::int64_t author_id, std::string_view body, std::string_view html);
    void commit() { commit_.run(); }

   private:
    using Database = typename Statement::Database;
    struct Close {
        void operator()(Database* database) const { Statement::close(database); }
    };

    const app::base::Signer& signer_;
    std::unique_ptr<Database, Close> database_;
    Statement find_user_, find_post_, count_posts_, list_posts_, begin_, count_author_, insert_post_, count_post_, commit_;
};

}  // namespace bench
