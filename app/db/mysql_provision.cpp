#include "app/db/mysql_provision.hpp"

#include <chrono>
#include <thread>

#include "app/base/error.hpp"
#include "app/db/mysql_connection.hpp"

namespace app::db {

namespace {

constexpr std::string_view collation = "utf8mb4_bin";
constexpr std::chrono::milliseconds start_poll_interval{250};

// No host lets us in: the number that says why, and what to tell.
struct Refusal {
    unsigned number;
    base::Error error;
};

std::unique_ptr<MysqlConnection> connect(const Url& url, const Options& options, Counts& counts) {
    for (std::size_t i = 0;; ++i) {
        try {
            auto connection = std::make_unique<MysqlConnection>(url, url.hosts.at(i), options, counts);
            connection->begin_use(MysqlConnection::Purpose::write);
            return connection;
        } catch (const MysqlTrouble& trouble) {
            if (i + 1 < url.hosts.size() && !is_about_account(trouble.number)) continue;
            throw Refusal{trouble.number, mysql_sign_in_error(trouble, url, url.hosts[i])};
        }
    }
}

std::unique_ptr<MysqlConnection> connect_to_server(Url url, const Options& options, Counts& counts) {
    url.name.clear();
    return connect(url, options, counts);
}

// What a server that is starting, or a name that is not known yet, answers.
bool may_pass(unsigned number) {
    constexpr unsigned too_many = 1040, unknown_host = 2005;
    return fate_of(number) == MysqlFate::lost || number == too_many || number == unknown_host;
}

std::string text(MysqlConnection& connection, std::string_view sql) {
    return connection.find(sql, [](const Row& row) { return std::string(row.text(0)); }).value_or("");
}

// As the server knows it: 'dewar'@'10.0.0.%', whatever address we come from.
std::string account(MysqlConnection& connection) {
    const std::string name = text(connection, "SELECT CURRENT_USER()");
    const std::size_t at = name.rfind('@');
    return "'" + name.substr(0, at) + "'@'" + name.substr(at + 1) + "'";
}

std::string grant_sql(const Url& url, MysqlConnection& connection) {
    return "GRANT ALL ON " + quoted_name(url.name) + ".* TO " + account(connection);
}

// Only over TCP: at the socket it may be the system's account that counts.
void warn_of_password(Place& place, const Url& url, MysqlConnection& connection) {
    if (!url.password.empty() || !url.socket.empty()) return;
    place.warnings.push_back("the account " + account(connection) +
                             " has no password: whoever reaches the server may do what it may. Type there: ALTER USER " +
                             account(connection) + " IDENTIFIED BY 'PASSWORD'");
}

void warn_of_collation(Place& place, const Url& url, MysqlConnection& connection) {
    const std::string found = text(connection, "SELECT default_collation_name FROM information_schema.schemata "
                                               "WHERE schema_name = DATABASE()");
    if (found == collation) return;
    place.warnings.push_back("the database's default collation is " + found +
                             ", which takes different texts for equal; Dewar's tables name "
                             "theirs, but what is added by hand would not. Type: ALTER DATABASE " +
                             quoted_name(url.name) + " CHARACTER SET utf8mb4 COLLATE " + std::string(collation));
}

Place look(const Url& url, const Options& options) {
    Place place{.location = location_of(url), .create_sql = create_database_sql(url.name) + ";\nUSE " + quoted_name(url.name)};
    Counts counts;  // nobody asks for them
    std::unique_ptr<MysqlConnection> connection;
    try {
        connection = connect(url, options, counts);
        place.exists = true;
    } catch (const Refusal& refusal) {
        if (refusal.number != mysql_number::unknown_database) throw;
        connection = connect_to_server(url, options, counts);
    }
    place.grant_sql = grant_sql(url, *connection);
    warn_of_password(place, url, *connection);
    if (place.exists) warn_of_collation(place, url, *connection);
    return place;
}

}  // namespace

Place find_mysql_place(const Url& url, const Options& options, int patience_ms) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
    for (;;) {
        try {
            return look(url, options);
        } catch (const Refusal& refusal) {
            if (!may_pass(refusal.number) || std::chrono::steady_clock::now() >= deadline) throw refusal.error;
        }
        std::this_thread::sleep_for(start_poll_interval);
    }
}

void create_mysql_database(const Url& url, const Options& options) try {
    Counts counts;
    const std::unique_ptr<MysqlConnection> connection = connect_to_server(url, options, counts);
    // Asked first: who may not make databases may well use this one.
    if (connection->integer("SELECT count(*) FROM information_schema.schemata WHERE schema_name = ?", url.name) > 0) return;
    try {
        connection->command(create_database_sql(url.name));
    } catch (const MysqlError& error) {
        if (error.number() == mysql_number::database_exists) return;  // another was faster
        if (error.number() != mysql_number::no_right) throw;
        throw mysql_sign_in_error({mysql_number::no_right, error.what()}, url, url.hosts.front());
    }
} catch (const Refusal& refusal) {
    throw refusal.error;
}

}  // namespace app::db
