#include "app/db/url.hpp"

#include <cstdint>
#include <optional>

#include "app/base/error.hpp"
#include "app/base/text.hpp"

namespace app::db {
namespace {

constexpr std::string_view known_forms = "sqlite:///relative/path, sqlite:////absolute/path, sqlite:temporary or "
                                         "mysql://user:password@host:port/name";
constexpr std::size_t name_bytes_max = 64;  // of a MySQL database

[[noreturn]] void refuse(const std::string& reason) { throw base::Error(base::Code::invalid, "DATABASE_URL " + reason); }

Url parse_sqlite(std::string_view rest) {  // what follows "sqlite:"
    if (rest == "temporary") return {.backend = Backend::sqlite, .temporary = true};
    if (rest.find(":memory:") != std::string_view::npos || rest == "//" || rest == "///") {
        refuse("names a database in memory or no file at all; the connections of a memory database would share nothing: use "
               "sqlite:temporary for one that goes when it is closed");
    }
    if (!rest.starts_with("///")) refuse("has no path: write sqlite:///relative/path or sqlite:////absolute/path");
    rest.remove_prefix(3);
    if (rest.find_first_of("?#") != std::string_view::npos) {
        refuse("has a ? or # in its path: a sqlite URL has no options; write %3F or %23 if the file's name has one");
    }
    std::optional<std::string> path = base::percent_decode(rest);
    if (!path) refuse("has a % in its path that two hexadecimal digits do not follow: write %25 for the character itself");
    if (path->find('\0') != std::string::npos) refuse("has a NUL in its path: no file has such a name");
    return {.backend = Backend::sqlite, .path = *std::move(path)};
}

// `part` is "password", for example: what is wrong is told without its text.
std::string decode(std::string_view text, std::string_view part) {
    std::optional<std::string> decoded = base::percent_decode(text);
    if (!decoded || decoded->find('\0') != std::string::npos) {
        refuse("has a % in its " + std::string(part) +
               " that two hexadecimal digits do not follow, or a NUL: write %25 for the " + "character itself");
    }
    return *std::move(decoded);
}

Host parse_host(std::string_view text) {
    const std::size_t bracket = text.starts_with('[') ? text.find(']') : 0;
    if (bracket == std::string_view::npos) refuse("has a [ without ] in its host");
    const std::size_t colon = text.find(':', bracket);
    Host host;
    host.name = bracket == 0 ? text.substr(0, colon) : text.substr(1, bracket - 1);
    if (host.name.empty()) refuse("has an empty host: write mysql://user:password@host:port/name");
    if (colon == std::string_view::npos) return host;
    const std::optional<std::int64_t> port = base::parse_integer(text.substr(colon + 1));
    if (!port || *port < 1 || *port > 65535) refuse("has no port from 1 to 65535 behind host " + host.name);
    host.port = static_cast<int>(*port);
    return host;
}

void read_option(Url& url, std::string_view option) {
    const std::size_t equals = option.find('=');
    const std::string_view key = option.substr(0, equals);
    const std::string value = equals == std::string_view::npos ? "" : decode(option.substr(equals + 1), key);
    if (key == "tls" && (value == "off" || value == "on" || value == "verify")) {
        url.tls = value == "off" ? Tls::off : value == "on" ? Tls::on : Tls::verify;
    } else if (key == "tls") {
        refuse("has an unknown tls: it is off, on or verify");
    } else if ((key == "tls_ca" || key == "socket") && value.empty()) {
        refuse("has no file after " + std::string(key) + "=");
    } else if (key == "tls_ca") {
        url.tls_ca = value;
    } else if (key == "socket") {
        url.socket = value;
    } else {
        refuse("has an unknown option after its ?; known are tls, tls_ca and socket");
    }
}

Url parse_mysql(std::string_view rest) {  // what follows "mysql://"
    Url url{.backend = Backend::mysql};
    if (rest.find('#') != std::string_view::npos) refuse("has a #: write %23 if a name or the password has one");
    const std::size_t question = rest.find('?');
    if (question != std::string_view::npos) {
        for (const std::string_view option : base::split(rest.substr(question + 1), '&')) read_option(url, option);
        rest = rest.substr(0, question);
    }
    const std::size_t slash = rest.find('/');
    url.name = slash == std::string_view::npos ? "" : decode(rest.substr(slash + 1), "database name");
    if (url.name.empty()) refuse("names no database: write mysql://user:password@host:port/name");
    if (url.name.size() > name_bytes_max || url.name.find('/') != std::string::npos) {
        refuse("has a database name that MySQL does not take: at most 64 characters, and no /");
    }
    std::string_view hosts = rest.substr(0, slash);
    const std::size_t at = hosts.rfind('@');
    if (at != std::string_view::npos) {
        const std::string_view account = hosts.substr(0, at);
        const std::size_t colon = account.find(':');
        url.user = decode(account.substr(0, colon), "user");
        if (colon != std::string_view::npos) url.password = decode(account.substr(colon + 1), "password");
        hosts.remove_prefix(at + 1);
    }
    if (url.user.empty()) refuse("names no user: write mysql://user:password@host:port/name");
    if (!url.socket.empty() && hosts.empty()) {
        url.hosts = {Host{"localhost"}};
        return url;
    }
    for (const std::string_view host : base::split(hosts, ',')) url.hosts.push_back(parse_host(host));
    if (!url.socket.empty() && url.hosts.size() > 1) refuse("has a socket and more than one host: choose");
    return url;
}

}  // namespace

Url parse_url(std::string_view url) {
    if (url.empty()) refuse("is empty; known are " + std::string(known_forms));
    if (url == ":memory:") return parse_sqlite(url);
    if (url.starts_with("sqlite:")) return parse_sqlite(url.substr(7));
    if (url.starts_with("mysql://")) return parse_mysql(url.substr(8));
    const std::size_t scheme_end = url.find("://");
    refuse((scheme_end == std::string_view::npos ? "has no scheme that is known"
                                                 : "has the unknown scheme " + std::string(url.substr(0, scheme_end))) +
           "; known are " + std::string(known_forms));
}

}  // namespace app::db
