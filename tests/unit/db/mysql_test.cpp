// What belongs to MySQL alone: signing in, the pool, what is run again, and what is told when the server is in trouble.
#include "app/db/mysql.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <cstdlib>
#include <latch>
#include <sstream>
#include <thread>

#include "app/base/log.hpp"
#include "app/db/provision.hpp"
#include "tests/unit/db/support.hpp"

using app::base::Code;
using app::db::Connection;
using app::db::Database;
using app::db::Options;
using app::db::Row;

namespace {

tests::Mariadb& server() {
    static tests::Mariadb shared;
    return shared;
}

std::unique_ptr<Database> with_counter(const Options& options, bool with_log = true) {
    if (with_log) tests::reset_log();  // before the threads that may write to it
    auto database = app::db::open(options);
    database->write([](Connection& connection) {
        connection.execute("CREATE TABLE counter (id BIGINT PRIMARY KEY, value BIGINT NOT NULL) ENGINE=InnoDB");
        connection.execute("INSERT INTO counter (id, value) VALUES (1, 0), (2, 0)");
    });
    return database;
}

std::int64_t counted(Database& database, int id = 1) {
    return database.read(
        [&](Connection& connection) { return connection.integer("SELECT value FROM counter WHERE id = ?", id); });
}

void count(Connection& connection, int id = 1) { connection.execute("UPDATE counter SET value = value + 1 WHERE id = ?", id); }

// Ends the session that `connection` uses, as the server's administrator might.
void kill_session(Connection& connection) {
    const std::int64_t id = connection.integer("SELECT CONNECTION_ID()");
    const auto killer = app::db::open({.url = server().url("mysql")});
    killer->write([&](Connection& other) { other.execute("KILL " + std::to_string(id)); });
}

std::string refusal(const std::string& url) {
    const auto error = tests::error_of([&] { app::db::open({.url = url, .connect_timeout_ms = 1000}); });
    REQUIRE(error);
    CHECK(error->code() == Code::unavailable);
    CHECK_FALSE(tests::contains(error->message() + error->detail(), "hunter2"));
    return error->message();
}

std::string at_server(const std::string& rest) { return "127.0.0.1:" + std::to_string(server().port()) + rest; }

// A port where connections are taken and nothing is said.
class Silence {
   public:
    Silence() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* name = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(socket_, name, size) == 0);
        REQUIRE(::listen(socket_, 8) == 0);
        REQUIRE(::getsockname(socket_, name, &size) == 0);
        port_ = ntohs(address.sin_port);
    }
    ~Silence() { ::close(socket_); }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;

    int port() const { return port_; }

   private:
    int socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    int port_ = 0;
};

}  // namespace

TEST_CASE("Each way not to get in has its own message, with what to type and without the password") {
    server().new_database();
    server().run({"CREATE OR REPLACE USER dewar@'%' IDENTIFIED BY 'hunter2'"});
    CHECK(tests::contains(refusal("mysql://dewar:hunter2x@" + at_server("/test_1")), "wrong password"));
    CHECK(tests::contains(refusal("mysql://nobody@" + at_server("/test_1")), "CREATE USER IF NOT EXISTS 'nobody'@'%'"));
    CHECK(tests::contains(refusal("mysql://dewar:hunter2@" + at_server("/test_1")), "GRANT ALL ON `test_1`.* TO 'dewar'@'%'"));
    CHECK(tests::contains(refusal("mysql://root@" + at_server("/missing")), "has no database missing: run `manage deploy`"));
    CHECK(tests::contains(refusal("mysql://root@127.0.0.1:1/test_1"), "does not answer"));
    CHECK(tests::contains(refusal("mysql://root@no-such-host.invalid/test_1"), "has a name that is not known"));
    CHECK(tests::contains(refusal("mysql://root@" + at_server("/test_1?tls=on")), "offers no TLS"));
    CHECK(tests::contains(refusal("mysql://root@" + at_server("/test_1?tls=verify")), "offers no TLS"));
}

TEST_CASE("A server that takes connections and says nothing is given up after the connect timeout") {
    const Silence silence;
    CHECK(tests::contains(refusal("mysql://root@127.0.0.1:" + std::to_string(silence.port()) + "/x"), "does not answer"));
}

TEST_CASE("The Unix socket leads to the same server") {
    const auto over_tcp = with_counter({.url = server().new_database()});
    const std::string place = over_tcp->location();  // host:port/name
    const auto over_socket =
        app::db::open({.url = "mysql://root@" + place.substr(place.find('/')) + "?socket=" + server().socket()});
    CHECK(counted(*over_socket) == 0);
}

TEST_CASE("A missing database is found missing, made with exact collation, and then there") {
    const Options options{.url = server().url("made`here")};
    CHECK_FALSE(app::db::find_place(options).exists);
    app::db::create_database(options);
    app::db::create_database(options);
    CHECK(app::db::find_place(options).exists);
    app::db::open(options)->read([](Connection& connection) {
        connection.each("SELECT @@collation_database, @@collation_connection", [](const Row& row) {
            CHECK(row.text(0) == "utf8mb4_bin");
            CHECK(row.text(1) == "utf8mb4_bin");
        });
    });
}

TEST_CASE("A session is strict, in UTC, reads what is committed, and waits as long as it is told") {
    const auto database = app::db::open({.url = server().new_database(), .busy_timeout_ms = 7000});
    database->read([](Connection& connection) {
        connection.each("SELECT @@sql_mode, @@time_zone, @@tx_isolation, @@innodb_lock_wait_timeout, @@autocommit",
                        [](const Row& row) {
                            CHECK(tests::contains(std::string(row.text(0)), "STRICT_ALL_TABLES"));
                            CHECK(row.text(1) == "+00:00");
                            CHECK(row.text(2) == "READ-COMMITTED");
                            CHECK(row.integer(3) == 7);
                            CHECK(row.integer(4) == 1);
                        });
    });
}

TEST_CASE("A value that is too long for its column is invalid, names it, and is never cut") {
    const auto database = app::db::open({.url = server().new_database()});
    database->write([](Connection& connection) { connection.execute("CREATE TABLE t (name VARCHAR(3), long_one LONGTEXT)"); });
    const auto insert = [&](const char* sql, const std::string& text) {
        return tests::error_of([&] { database->write([&](Connection& connection) { connection.execute(sql, text); }); });
    };
    const auto error = insert("INSERT INTO t (name) VALUES (?)", "four");
    REQUIRE(error);
    CHECK(error->code() == Code::invalid);
    REQUIRE(error->fields().size() == 1);
    CHECK(error->fields()[0].pointer == "/name");
    const auto packet = insert("INSERT INTO t (long_one) VALUES (?)", std::string(65 << 20, 'x'));
    REQUIRE(packet);
    CHECK(packet->code() == Code::invalid);
    const auto no_text = insert("INSERT INTO t (name) VALUES (?)", "\xff");
    REQUIRE(no_text);
    CHECK(no_text->code() == Code::invalid);
    CHECK(database->read([](Connection& connection) { return connection.integer("SELECT count(*) FROM t"); }) == 0);
}

TEST_CASE("A statement is prepared once per connection, and a thousand do not pile up") {
    const auto database = app::db::open({.url = server().new_database(), .pool_max = 1});
    database->read([](Connection& connection) {
        const auto status = [&](const std::string& name) {
            return *connection.find("SHOW SESSION STATUS LIKE '" + name + "'", [](const Row& row) { return row.integer(1); });
        };
        connection.integer("SELECT 1");
        const std::int64_t before = status("Com_stmt_prepare");
        for (int i = 0; i < 5; ++i) connection.integer("SELECT 1");
        CHECK(status("Com_stmt_prepare") == before);
        for (int i = 0; i < 1000; ++i) CHECK(connection.integer("SELECT " + std::to_string(i)) == i);
        CHECK(status("Com_stmt_prepare") - status("Com_stmt_close") <= 130);
    });
}

TEST_CASE("When all connections are lent, who waits too long is told to try again, and the others go on") {
    const auto database = with_counter({.url = server().new_database(), .pool_max = 2, .pool_wait_ms = 50});
    std::latch both_lent(2);
    std::latch release(1);
    std::vector<std::thread> holders;
    for (int i = 0; i < 2; ++i) {
        holders.emplace_back([&] {
            database->read([&](Connection&) {
                both_lent.count_down();
                release.wait();
            });
        });
    }
    both_lent.wait();
    const auto error = tests::error_of([&] { counted(*database); });
    release.count_down();
    for (std::thread& holder : holders) holder.join();
    REQUIRE(error);
    CHECK(error->code() == Code::unavailable);
    CHECK(tests::contains(error->message(), "all connections to the database are busy"));
    CHECK(counted(*database) == 0);
}

TEST_CASE("A write whose session is killed before its commit is run again and counts once") {
    const auto database = with_counter({.url = server().new_database()});
    int runs = 0;
    database->write([&](Connection& connection) {
        count(connection);
        if (++runs == 1) kill_session(connection);
        count(connection, 2);
    });
    CHECK(runs == 2);
    CHECK(counted(*database) == 1);
    CHECK(counted(*database, 2) == 1);
}

TEST_CASE("A read whose session is killed is run again") {
    const auto database = with_counter({.url = server().new_database()});
    int runs = 0;
    const auto value = database->read([&](Connection& connection) {
        if (++runs == 1) kill_session(connection);
        return connection.integer("SELECT value FROM counter WHERE id = 1");
    });
    CHECK(value == 0);
    CHECK(runs == 2);
}

TEST_CASE("A connection lost while it commits is told and not repeated") {
    const auto database = with_counter({.url = server().new_database()});
    int runs = 0;
    const auto error = tests::error_of([&] {
        database->write([&](Connection& connection) {
            ++runs;
            count(connection);
            kill_session(connection);  // noticed by the next statement, which is COMMIT
        });
    });
    REQUIRE(error);
    CHECK(error->code() == Code::unavailable);
    CHECK(tests::contains(error->message(), "lost while it committed"));
    CHECK(runs == 1);
    CHECK(counted(*database) == 0);
}

TEST_CASE("Of two writes in a deadlock both succeed, one at its second run") {
    const auto database = with_counter({.url = server().new_database()});
    std::latch both_hold_one(2);
    std::atomic<int> runs = 0;
    const auto write = [&](int first, int second) {
        bool again = false;
        database->write([&](Connection& connection) {
            ++runs;
            count(connection, first);
            if (!again) {
                again = true;
                both_hold_one.arrive_and_wait();
            }
            count(connection, second);
        });
    };
    std::thread other([&] { write(2, 1); });
    write(1, 2);
    other.join();
    CHECK(runs == 3);
    CHECK(counted(*database, 1) == 2);
    CHECK(counted(*database, 2) == 2);
}

TEST_CASE("A task that catches the deadlock's error is run again all the same, for its changes are gone") {
    const auto database = with_counter({.url = server().new_database(), .busy_timeout_ms = 1000});
    std::latch locked(1);
    std::latch release(1);
    std::thread holder([&] {
        database->write([&](Connection& connection) {
            count(connection, 2);
            locked.count_down();
            release.wait();
        });
    });
    locked.wait();
    int runs = 0;
    database->write([&](Connection& connection) {
        ++runs;
        count(connection, 1);
        const auto error = tests::error_of([&] { count(connection, 2); });  // 1205 while the holder has it
        if (error) {
            CHECK(error->code() == Code::unavailable);
            release.count_down();
        }
    });
    holder.join();
    CHECK(runs == 2);
    CHECK(counted(*database, 1) == 1);
    CHECK(counted(*database, 2) == 2);
}

TEST_CASE("A server that was killed and started again is found by the next call, with all that was committed") {
    tests::Mariadb own;
    const auto database = with_counter({.url = own.new_database()});
    for (int i = 0; i < 10; ++i) database->write([](Connection& connection) { count(connection); });
    own.kill();
    const auto error = tests::error_of([&] { counted(*database); });
    REQUIRE(error);
    CHECK(error->code() == Code::unavailable);
    own.start();
    CHECK(counted(*database) == 10);
}

TEST_CASE("The first host that answers serves, and stays the first to be asked") {
    std::ostringstream log;
    app::base::set_up_log({"warning", "text", &log});
    const std::string url = server().new_database();
    const auto database = with_counter({.url = "mysql://root@127.0.0.1:1," + url.substr(url.find('@') + 1)}, false);
    database->write([&](Connection& connection) { count(connection); });
    tests::reset_log();
    CHECK(counted(*database) == 1);
    CHECK(tests::contains(log.str(), "127.0.0.1:1 does not answer"));
    CHECK(tests::contains(log.str(), "the database is now " + at_server("")));
}

TEST_CASE("A slow statement is logged with its SQL and its time, and without its values") {
    const auto database = app::db::open({.url = server().new_database(), .slow_query_ms = 50});
    std::ostringstream log;
    app::base::set_up_log({"info", "text", &log});
    database->read([](Connection& connection) {
        connection.integer("SELECT 42");
        connection.integer("SELECT SLEEP(?) + (? <> '')", 0.1, "hidden");
    });
    tests::reset_log();
    CHECK(tests::contains(log.str(), " ms: SELECT SLEEP(?)"));
    CHECK_FALSE(tests::contains(log.str(), "hidden"));
    CHECK_FALSE(tests::contains(log.str(), "SELECT 42"));
}

TEST_CASE("No error shows a value that the server quotes") {
    const auto database = app::db::open({.url = server().new_database()});
    database->write([](Connection& connection) {
        connection.execute("CREATE TABLE t (number BIGINT, at DATETIME(6), name VARCHAR(64) UNIQUE)");
        connection.execute("INSERT INTO t (name) VALUES ('hidden')");
    });
    for (const char* column : {"number", "at", "name"}) {
        const auto error = tests::error_of([&] {
            database->write([&](Connection& connection) {
                connection.execute("INSERT INTO t (" + std::string(column) + ") VALUES (?)", "hidden");
            });
        });
        REQUIRE(error);
        CHECK_FALSE(tests::contains(error->message() + error->detail(), "hidden"));
    }
}

TEST_CASE("A server that is read-only answers reads, and tells a write that it is") {
    tests::Mariadb own;
    own.run({"CREATE USER dewar@'%' IDENTIFIED BY 'hunter2'", "GRANT ALL ON *.* TO dewar@'%'",
             "REVOKE READ_ONLY ADMIN ON *.* FROM dewar@'%'"});
    std::string url = own.new_database();
    url.replace(url.find("root@"), 5, "dewar:hunter2@");
    const auto database = with_counter({.url = url});
    own.stop();
    own.start("--read-only");
    CHECK(counted(*database) == 0);
    const auto error = tests::error_of([&] { database->write([](Connection& connection) { count(connection); }); });
    REQUIRE(error);
    CHECK(error->code() == Code::unavailable);
    CHECK(tests::contains(error->message(), "is read-only"));
}

TEST_CASE("TLS is used when asked for, and verify takes only a certificate that it can trust") {
    const tests::TemporaryFolder folder;
    std::filesystem::permissions(folder.path(), std::filesystem::perms{0755});
    const auto make_certificate = [&](const std::string& name) {
        const std::string key = folder / (name + ".key"), certificate = folder / (name + ".pem");
        const std::string make =
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost "
            "-addext subjectAltName=IP:127.0.0.1 -keyout " +
            key + " -out " + certificate + " 2>/dev/null && chmod 644 " + key;
        REQUIRE(std::system(make.c_str()) == 0);
        return certificate;
    };
    const std::string certificate = make_certificate("server"), other = make_certificate("other");
    tests::Mariadb own({"--ssl", "--ssl-cert=" + certificate, "--ssl-key=" + folder / "server.key"});
    const std::string url = own.new_database();
    const auto cipher = [&](const std::string& options) {
        return *app::db::open({.url = url + options})->read([](Connection& connection) {
            return connection.find("SHOW STATUS LIKE 'Ssl_cipher'", [](const Row& row) { return std::string(row.text(1)); });
        });
    };
    CHECK(cipher("").empty());
    CHECK(cipher("?tls=off").empty());
    CHECK_FALSE(cipher("?tls=on").empty());
    CHECK_FALSE(cipher("?tls=verify&tls_ca=" + certificate).empty());
    CHECK(tests::contains(refusal(url + "?tls=verify&tls_ca=" + other), "not to be trusted"));
}

TEST_CASE("What a server does not prepare is sent to it as it is, in a write alone") {
    const auto database = with_counter({.url = server().new_database()});
    const auto prepare = [](Connection& connection) { connection.execute("PREPARE by_name FROM 'SELECT 1'"); };
    CHECK_FALSE(tests::error_of([&] { database->write(prepare); }));
    CHECK(tests::error_of([&] { database->read(prepare); }));
}
