#include "app/db/mysql_connection.hpp"

#include <poll.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <mutex>
#include <system_error>

#include "app/base/log.hpp"
#include "app/base/text.hpp"
#include "app/db/mysql.hpp"

namespace app::db {

constinit const Dialect mysql_dialect{
    .name = "mysql",
    .auto_id = "BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY",
    .timestamp = "DATETIME(6)",
    .text = "VARCHAR(#)",
    .long_text = "LONGTEXT",
    .exact_text = "VARCHAR(#) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
    .table_options = "ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
    .on_table = "ON #",
    .count_tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?",
    .now = "UTC_TIMESTAMP(6)",
    .transactional_ddl = false,
    .reads_may_wait = true,
    .is_done_already = is_done_already,
};

namespace {

constexpr std::size_t mysql_prepared_max = 128;  // per connection; a server holds 16382 (max_prepared_stmt_count) for all of them
constexpr std::size_t packet_overhead = 1024;    // of a statement's packet beside its texts
constexpr std::size_t overhead_per_value = 16;
constexpr std::chrono::milliseconds idle_trusted{100};
constexpr std::chrono::seconds idle_unasked{5};
constexpr unsigned long answer_bytes_max = 1UL << 30;  // what the protocol allows; libmariadb's default is less

// Literals and names as in standard SQL and SQLite: 'text' without escapes, "name", ||. Whatever does not fit is an error and
// never cut or replaced, and an id of 0 is 0.
constexpr std::string_view sql_mode =
    "STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,ANSI_QUOTES,"
    "PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES,NO_AUTO_VALUE_ON_ZERO";

// mysql_init would do it, but not in two threads at once.
MYSQL* new_handle() {
    static std::once_flag done;
    std::call_once(done, [] { mysql_library_init(0, nullptr, nullptr); });
    return mysql_init(nullptr);
}

// The library counts in whole seconds; 0 would mean to wait for ever.
unsigned to_seconds(int milliseconds) { return std::max(1U, (static_cast<unsigned>(milliseconds) + 999U) / 1000U); }

// The folder of the client's ways to sign in, where a package brought them along beside the program (scripts/install/libraries.cmake);
// empty: they are the system's.
std::string bundled_plugins() {
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
    const std::filesystem::path folder = program.parent_path().parent_path() / "lib/dewar/mariadb";
    return std::filesystem::is_directory(folder, error) ? folder.string() : std::string();
}

}  // namespace

MysqlConnection::MysqlConnection(const Url& url, const Host& host, const Options& options, Counts& counts)
    : mysql_(new_handle()), slow_query_ms_(options.slow_query_ms), counts_(counts) {
    if (!mysql_) throw std::bad_alloc();
    set_options(url, options);
    const bool by_socket = !url.socket.empty();
    if (mysql_real_connect(mysql_.get(), by_socket ? "localhost" : host.name.c_str(), url.user.c_str(), url.password.c_str(),
                           url.name.empty() ? nullptr : url.name.c_str(), static_cast<unsigned>(host.port),
                           by_socket ? url.socket.c_str() : nullptr, CLIENT_FOUND_ROWS) == nullptr) {
        throw MysqlTrouble(mysql_errno(mysql_.get()), ::mysql_error(mysql_.get()));
    }
    if (url.tls != Tls::off && mysql_get_ssl_cipher(mysql_.get()) == nullptr) {
        throw MysqlTrouble(mysql_number::no_tls, "the server offers no TLS");
    }
    set_session_up(options);
}

void MysqlConnection::set_options(const Url& url, const Options& options) {
    const unsigned connect_timeout = to_seconds(options.connect_timeout_ms);
    const unsigned read_timeout = to_seconds(options.read_timeout_ms);
    const unsigned write_timeout = to_seconds(options.write_timeout_ms);
    const unsigned no_files = 0;  // LOAD DATA LOCAL lets a server ask for any file of the client
    const char encrypted = url.tls == Tls::off ? 0 : 1;
    const char verified = url.tls == Tls::verify ? 1 : 0;  // both set at any rate: their defaults differ by version
    mysql_options(mysql_.get(), MYSQL_OPT_CONNECT_TIMEOUT, &connect_timeout);
    mysql_options(mysql_.get(), MYSQL_OPT_READ_TIMEOUT, &read_timeout);
    mysql_options(mysql_.get(), MYSQL_OPT_WRITE_TIMEOUT, &write_timeout);
    mysql_options(mysql_.get(), MYSQL_OPT_LOCAL_INFILE, &no_files);
    mysql_options(mysql_.get(), MYSQL_OPT_MAX_ALLOWED_PACKET, &answer_bytes_max);
    mysql_options(mysql_.get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
    mysql_options(mysql_.get(), MYSQL_OPT_SSL_ENFORCE, &encrypted);
    mysql_options(mysql_.get(), MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verified);
    if (!url.tls_ca.empty()) mysql_options(mysql_.get(), MYSQL_OPT_SSL_CA, url.tls_ca.c_str());
    if (const std::string plugins = bundled_plugins(); !plugins.empty())
        mysql_options(mysql_.get(), MYSQL_PLUGIN_DIR, plugins.c_str());
}

void MysqlConnection::set_session_up(const Options& options) {
    const std::string lock_wait = std::to_string(to_seconds(options.busy_timeout_ms));
    send("SET NAMES utf8mb4 COLLATE utf8mb4_bin");
    send("SET SESSION autocommit = 1, time_zone = '+00:00', innodb_lock_wait_timeout = " + lock_wait +
         ", lock_wait_timeout = " + lock_wait + ", sql_mode = '" + std::string(sql_mode) + "'");
    send("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    packet_bytes_max_ = static_cast<std::size_t>(base::parse_integer(query("SELECT @@max_allowed_packet", 0)).value_or(0));
    if (query("SHOW VARIABLES LIKE 'wsrep_on'", 1) == "ON") {
        if (query("SHOW STATUS LIKE 'wsrep_ready'", 1) != "ON") {
            throw MysqlTrouble(mysql_number::no_quorum, "wsrep_ready is not ON");
        }
        // Reads, and the beginning of a transaction, wait until this node has all that any has committed.
        if (options.causal_reads) send("SET SESSION wsrep_sync_wait = 1");
    }
}

const Dialect& MysqlConnection::dialect() const { return mysql_dialect; }

void MysqlConnection::begin_use(Purpose purpose) {
    purpose_ = purpose;
    fate_ = MysqlFate::intact;
}

Outcome MysqlConnection::run(std::string_view sql, const Value* values, std::size_t value_count,
                             base::FunctionRef<void(const Row&)> each) {
    const Clock::time_point start = Clock::now();
    Outcome outcome;
    try {
        outcome = run_statement(sql, values, value_count, each);
    } catch (const MysqlTrouble& trouble) {
        if (trouble.number != mysql_number::not_preparable || value_count != 0 || purpose_ == Purpose::read) {
            throw failed(trouble, sql);
        }
        command(sql);
    }
    log_if_slow(sql, start);
    return outcome;
}

Outcome MysqlConnection::run_statement(std::string_view sql, const Value* values, std::size_t value_count,
                                       base::FunctionRef<void(const Row&)> each) {
    MysqlStatement* statement = &prepared(sql);
    std::optional<MysqlStatement> second;  // a row's callback runs the same SQL
    if (statement->is_running()) statement = &second.emplace(mysql_.get(), sql);
    if (statement->value_count() != value_count) {
        throw base::Error(base::Code::internal, "a database statement was given another number of values than it takes",
                          std::to_string(value_count) + " values: " + std::string(sql));
    }
    if (purpose_ == Purpose::read && !statement->has_rows()) {
        throw base::Error(base::Code::internal, "a read tried to change the database: use write", std::string(sql));
    }
    // A server hangs up on who sends a packet that is too long, in the middle of it.
    std::size_t packet_bytes = packet_overhead + value_count * overhead_per_value;
    for (std::size_t i = 0; i < value_count; ++i) {
        if (const auto* text = std::get_if<std::string_view>(&values[i])) packet_bytes += text->size();
    }
    if (packet_bytes > packet_bytes_max_ && packet_bytes > packet_overhead + value_count * overhead_per_value) {
        throw base::Error(base::Code::invalid, "a value is too long to be stored",
                          "more than the server's max_allowed_packet: " + std::string(sql));
    }
    return statement->run(values, each);
}

MysqlStatement& MysqlConnection::prepared(std::string_view sql) {
    const auto found = prepared_.find(sql);
    if (found != prepared_.end()) return found->second;
    if (prepared_.size() >= mysql_prepared_max)
        std::erase_if(prepared_, [](const auto& entry) { return !entry.second.is_running(); });
    return prepared_.emplace(std::string(sql), MysqlStatement(mysql_.get(), sql)).first->second;
}

void MysqlConnection::command(std::string_view sql) {
    const Clock::time_point start = Clock::now();
    try {
        send(sql);
    } catch (const MysqlTrouble& trouble) {
        throw failed(trouble, sql);
    }
    log_if_slow(sql, start);
}

void MysqlConnection::send(std::string_view sql) {
    if (mysql_real_query(mysql_.get(), sql.data(), sql.size()) != 0) {
        throw MysqlTrouble(mysql_errno(mysql_.get()), ::mysql_error(mysql_.get()));
    }
}

// That column of the first row; "" when there is none.
std::string MysqlConnection::query(std::string_view sql, unsigned column) {
    send(sql);
    const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> result(mysql_store_result(mysql_.get()), mysql_free_result);
    if (!result) throw MysqlTrouble(mysql_errno(mysql_.get()), ::mysql_error(mysql_.get()));
    const MYSQL_ROW row = mysql_fetch_row(result.get());
    return row && row[column] ? row[column] : "";
}

MysqlError MysqlConnection::failed(const MysqlTrouble& trouble, std::string_view sql) {
    fate_ = std::max(fate_, fate_of(trouble.number));
    return db::mysql_error(trouble, sql);
}

bool MysqlConnection::is_alive() noexcept {
    const Clock::time_point now = Clock::now();
    if (now - last_used_ < idle_trusted) return true;  // a system call less for most; what was lost since is tried again
    pollfd socket{.fd = static_cast<int>(mysql_get_socket(mysql_.get())), .events = POLLIN, .revents = 0};
    if (::poll(&socket, 1, 0) != 0) return false;
    if (now - last_used_ > idle_unasked && mysql_ping(mysql_.get()) != 0) return false;
    last_used_ = now;
    return true;
}

void MysqlConnection::log_if_slow(std::string_view sql, Clock::time_point start) const {
    const auto elapsed_ms = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count();
    if (slow_query_ms_ == 0 || elapsed_ms < slow_query_ms_) return;
    counts_.slow_statements.add();
    base::log_warning("slow query, " + std::to_string(elapsed_ms) + " ms: " + std::string(sql));
}

}  // namespace app::db
