// What DATABASE_URL says: which backend, and where. The parts a backend needs, decoded; never printed, for it may hold a
// password.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace app::db {

enum class Backend { sqlite, mysql };

// Of a connection to a MySQL server. `off`: in clear; `on`: encrypted, with whoever answers; `verify`: encrypted, with a server
// whose certificate is good and bears the host's name (Connector/C 3.4 and later take without tls_ca also the self-signed one of a
// server at 127.0.0.1 or ::1, and of one that proves it with the password). A server without TLS is refused by the latter two.
enum class Tls { off, on, verify };

struct Host {
    std::string name;  // or address; "localhost" means the Unix socket, as everywhere with MySQL
    int port = 3306;
};

struct Url {
    Backend backend = Backend::sqlite;

    // sqlite
    std::string path = {};   // the file, as written (relative to the working directory, or absolute); empty: temporary
    bool temporary = false;  // a file of its own that goes when the database is closed

    // mysql
    std::string user = {};
    std::string password = {};
    std::vector<Host> hosts = {};  // at least one; the first that answers serves
    std::string name = {};         // of the database
    std::string socket = {};       // a Unix socket's path, instead of the host
    Tls tls = Tls::off;
    std::string tls_ca = {};  // file of the authorities to trust; empty: the system's
};

// Reads `sqlite:///relative/path`, `sqlite:////absolute/path`, `sqlite:temporary` or
// `mysql://user:password@host:port,host:port/name?tls=verify&tls_ca=FILE`, with %XX for a byte of a path, a name or a password;
// an IPv6 address stands in brackets; `?socket=/path` takes the place of the host. Throws invalid, saying what would be right,
// for anything else: another scheme, a missing path or name, a broken %, an unescaped `?` or `#`, an unknown option, and
// `:memory:`. No message quotes the URL beyond its scheme, hosts and options' names.
Url parse_url(std::string_view url);

}  // namespace app::db
