// One session with a MySQL server: set up so that the same SQL means the same as with SQLite, statements that are prepared once,
// errors in Dewar's terms. The files of this backend alone see the library's header.
#pragma once

#include <mysql.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "app/db/database.hpp"
#include "app/db/mysql_error.hpp"
#include "app/db/mysql_statement.hpp"
#include "app/db/url.hpp"

namespace app::db {

class MysqlConnection final : public Connection {
   public:
    enum class Purpose {
        read,  // whatever is no query is refused
        write
    };

    // Signs in to `host` within options.connect_timeout_ms and sets the session up. Throws MysqlTrouble: also no_tls when the
    // connection is in clear though TLS was asked for (libmariadb goes on silently), and no_quorum for a node of a Galera cluster
    // that is not ready (it answers pings all the same). With an empty url.name no database is entered. `counts` outlives it.
    MysqlConnection(const Url& url, const Host& host, const Options& options, Counts& counts);
    ~MysqlConnection() = default;
    MysqlConnection(const MysqlConnection&) = delete;
    MysqlConnection& operator=(const MysqlConnection&) = delete;

    const Dialect& dialect() const override;
    Outcome run(std::string_view sql, const Value* values, std::size_t value_count,
                base::FunctionRef<void(const Row&)> each) override;

    // To be called before each use. Forgets the fate of the last one.
    void begin_use(Purpose purpose);

    // The worst that befell the connection since begin_use: the task may have caught the error that told it.
    MysqlFate fate() const { return fate_; }

    // Transaction control, and statements that are not worth preparing. Throws as run does.
    void command(std::string_view sql);

    // Whether it may be used again: it was used a moment ago; or nothing has come in on its socket, which would be the server's
    // farewell; after a longer time it answers a ping too. Never throws.
    bool is_alive() noexcept;

   private:
    using Clock = std::chrono::steady_clock;
    struct Close {
        void operator()(MYSQL* mysql) const { mysql_close(mysql); }
    };
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    void set_options(const Url& url, const Options& options);
    void set_session_up(const Options& options);
    void send(std::string_view sql);
    std::string query(std::string_view sql, unsigned column);
    Outcome run_statement(std::string_view sql, const Value* values, std::size_t value_count,
                          base::FunctionRef<void(const Row&)> each);
    MysqlStatement& prepared(std::string_view sql);
    MysqlError failed(const MysqlTrouble& trouble, std::string_view sql);
    void log_if_slow(std::string_view sql, Clock::time_point start) const;

    std::unique_ptr<MYSQL, Close> mysql_;
    int slow_query_ms_;
    std::size_t packet_bytes_max_ = 0;
    Purpose purpose_ = Purpose::read;
    MysqlFate fate_ = MysqlFate::intact;
    Clock::time_point last_used_ = Clock::now();
    std::unordered_map<std::string, MysqlStatement, TextHash, std::equal_to<>> prepared_;  // by SQL; goes before mysql_ does
    Counts& counts_;
    const OpenConnection open_{counts_};
};

}  // namespace app::db
