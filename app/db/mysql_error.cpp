#include "app/db/mysql_error.hpp"

namespace app::db {
namespace {

using base::Code;
using base::Error;

// What is wrong with the server, as the end of "the database ..."; empty when it is not at fault.
std::string_view trouble_of(unsigned number) {
    switch (number) {
        case 1040:
        case 1203:
        case 1226: return "has too many connections: lower database.pool_max, or raise max_connections on the server";
        case 1205: return "is busy, another writer holds the lock: try again";
        case 1020:
        case 1213: return "took the change back in favour of another: try again";
        case 1047: return "is without a quorum: its cluster has lost too many nodes";
        case 1180: return "could not commit: see the server's log";
        case 1290:
        case 1792:
        case 1836: return "is read-only: set read_only off on the server, or name another in DATABASE_URL";
        case 1021:
        case 1028:
        case 1114: return "cannot grow, its disk is full: free some space on the server";
        case 1037:
        case 1038:
        case 1041: return "has no memory left to work with: see the server's log";
        case 1317:
        case 1969:
        case 3024: return "took too long to answer";
        case 1461: return "holds too many prepared statements: raise max_prepared_stmt_count on the server";
        default:
            return fate_of(number) == MysqlFate::lost ? "is not to be reached: see that its server runs" : std::string_view{};
    }
}

// These quote values.
bool quotes_values(unsigned number) {
    switch (number) {
        case 1062:
        case 1264:
        case 1292:
        case 1366:
        case 1367:
        case 1411:
        case 1525:
        case 1586:
        case 1690: return true;
        default: return false;
    }
}

std::string detail_of(const MysqlTrouble& trouble, std::string_view sql) {
    std::string detail = "MySQL " + std::to_string(trouble.number);
    if (!quotes_values(trouble.number)) detail += " (" + std::string(trouble.what()) + ")";
    return detail + ": " + std::string(sql);
}

// What stands between the last two quotes: the key of 1062, "Duplicate entry 'x' for key 'users.email'".
std::string_view last_quoted(std::string_view words) {
    const std::size_t end = words.rfind('\'');
    if (end == std::string_view::npos || end == 0) return {};
    const std::size_t begin = words.rfind('\'', end - 1);
    return begin == std::string_view::npos ? std::string_view{} : words.substr(begin + 1, end - begin - 1);
}

std::vector<base::FieldError> field_of_key(std::string_view words) {
    std::string_view key = last_quoted(words);
    key.remove_prefix(key.rfind('.') + 1);  // MySQL 8 writes the table before it
    if (key.empty() || key == "PRIMARY") return {};
    return {{"/" + std::string(key), "exists already"}};
}

// The column of 1406, "Data too long for column 'email' at row 1".
std::vector<base::FieldError> field_of_column(std::string_view words) {
    const std::string_view column = last_quoted(words);
    if (column.empty()) return {};
    return {{"/" + std::string(column), "is too long"}};
}

std::string account_of(const Url& url) { return "'" + url.user + "'@'%'"; }

std::string sql_for_right(const Url& url) { return "GRANT ALL ON " + quoted_name(url.name) + ".* TO " + account_of(url); }

std::string sign_in_reason(unsigned number, const Url& url) {
    switch (number) {
        case 1698:
            return "lets " + url.user +
                   " in through its Unix socket only. On the server, type: sudo mariadb -e \"CREATE USER "
                   "'dewar'@'%' IDENTIFIED BY 'PASSWORD'; GRANT ALL ON " +
                   url.name + ".* TO 'dewar'@'%'\" and name that account in DATABASE_URL";
        case 1045:
            return "refused " + url.user + (url.password.empty() ? " without a password" : ": wrong password") +
                   ", or no such account. Mend DATABASE_URL, or on the server, as its administrator, type: CREATE USER IF NOT "
                   "EXISTS " +
                   account_of(url) + "; ALTER USER " + account_of(url) + " IDENTIFIED BY 'PASSWORD'";
        case mysql_number::no_right:
            return "gives " + url.user + " no right on the database " + url.name +
                   ". On the server, as its administrator, type: " + create_database_sql(url.name) + "; " + sql_for_right(url);
        case mysql_number::unknown_database:
            return "has no database " + url.name +
                   ": run `manage deploy`, or on the server type: " + create_database_sql(url.name);
        case 2005: return "has a name that is not known: mend the host in DATABASE_URL";
        case mysql_number::no_quorum: return "is a node without a quorum, or not yet in step with its cluster";
        case mysql_number::no_tls:
            return url.tls == Tls::verify
                       ? "offers no TLS, or has a certificate that is not to be trusted: see tls and tls_ca in "
                         "DATABASE_URL"
                       : "offers no TLS, which DATABASE_URL asks for: turn it on there, or write tls=off";
        case 1130: return "takes no connections from this machine: make the account " + account_of(url);
        case 1040:
        case 1203:
        case 1226: return std::string(trouble_of(number));
        default:
            if (fate_of(number) == MysqlFate::lost) {
                return url.socket.empty() ? "does not answer: see that it runs and that DATABASE_URL names its port"
                                          : "does not answer: see that it runs and that this account may open that socket";
            }
            return "refused the connection: see the log";
    }
}

Error to_error(const MysqlTrouble& trouble, std::string_view sql) {
    const std::string detail = detail_of(trouble, sql);
    switch (trouble.number) {
        case 1062:
        case 1586: return Error(Code::conflict, "it exists already", detail, field_of_key(trouble.what()));
        case 1451:
        case 1452:
            return Error(Code::conflict, "something that it refers to does not exist, or something still refers to it", detail);
        case 1406: return Error(Code::invalid, "a value is too long to be stored", detail, field_of_column(trouble.what()));
        case 1153:
        case 2020: return Error(Code::invalid, "a value is too long to be stored", detail);
        case mysql_number::no_right:
        case 1142:
        case 1143:
        case 1227:
        case 1370: return Error(Code::forbidden, "the account of DATABASE_URL has no right to do that on the server", detail);
        case 1366: return Error(Code::invalid, "a value is not what its column holds", detail);
        default: break;
    }
    const std::string_view reason = trouble_of(trouble.number);
    if (!reason.empty()) return Error(Code::unavailable, "the database " + std::string(reason), detail);
    return Error(Code::internal, "a database statement failed", detail);
}

}  // namespace

MysqlError mysql_error(const MysqlTrouble& trouble, std::string_view sql) { return {to_error(trouble, sql), trouble.number}; }

MysqlFate fate_of(unsigned number) noexcept {
    switch (number) {
        case 1020:  // ER_CHECKREAD: changed since it was read (MariaDB's innodb_snapshot_isolation)
        case 1205:  // ER_LOCK_WAIT_TIMEOUT: only the statement was rolled back
        case 1213: return MysqlFate::undone;
        case 1047:
        case 1053:  // ER_SERVER_SHUTDOWN
        case 1927:  // ER_CONNECTION_KILLED
        case 2002:
        case 2003:
        case 2006:
        case 2013:
        case 2027:                          // CR_MALFORMED_PACKET
        case 2055:                          // CR_SERVER_LOST_EXTENDED
        case 4031: return MysqlFate::lost;  // ER_CLIENT_INTERACTION_TIMEOUT
        default: return MysqlFate::intact;
    }
}

bool is_done_already(const Error& error) {
    const auto* refusal = dynamic_cast<const MysqlError*>(&error);
    switch (refusal ? refusal->number() : 0) {
        case 1050:                                                                    // ER_TABLE_EXISTS_ERROR
        case 1051:                                                                    // ER_BAD_TABLE_ERROR: DROP of none
        case 1060:                                                                    // ER_DUP_FIELDNAME
        case 1061:                                                                    // ER_DUP_KEYNAME
        case 1068:                                                                    // ER_MULTIPLE_PRI_KEY
        case 1091:                                                                    // ER_CANT_DROP_FIELD_OR_KEY
        case 1359:                                                                    // ER_TRG_ALREADY_EXISTS
        case 1360:                                                                    // ER_TRG_DOES_NOT_EXIST
        case 1826: return true;                                                       // ER_DUP_CONSTRAINT_NAME
        case 1005: return refusal->detail().find("errno: 121") != std::string::npos;  // what MariaDB says instead
        default: return false;
    }
}

bool is_about_account(unsigned number) noexcept {
    return number == 1044 || number == 1045 || number == 1698 || number == mysql_number::unknown_database;
}

Error mysql_sign_in_error(const MysqlTrouble& trouble, const Url& url, const Host& host) {
    return Error(Code::unavailable, "the MySQL server " + to_string(url, host) + " " + sign_in_reason(trouble.number, url),
                 detail_of(trouble, "connect"));
}

std::string to_string(const Url& url, const Host& host) {
    if (!url.socket.empty()) return url.socket;
    const bool is_ipv6 = host.name.find(':') != std::string::npos;
    return (is_ipv6 ? "[" + host.name + "]" : host.name) + ":" + std::to_string(host.port);
}

std::string create_database_sql(std::string_view name) {
    return "CREATE DATABASE " + quoted_name(name) + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
}

std::string location_of(const Url& url) {
    std::string hosts;
    for (const Host& host : url.hosts) hosts += (hosts.empty() ? "" : ",") + to_string(url, host);
    return hosts + "/" + url.name;
}

std::string quoted_name(std::string_view name) {
    std::string quoted = "`";
    for (const char c : name) quoted.append(c == '`' ? 2 : 1, c);
    return quoted + "`";
}

}  // namespace app::db
