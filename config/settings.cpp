#include "config/settings.hpp"

#include <algorithm>
#include <array>

#include "app/base/address.hpp"
#include "app/base/nearest.hpp"
#include "app/base/text.hpp"

namespace config {

namespace {

bool is_database_url(std::string_view text) { return text.starts_with("sqlite:") || text.starts_with("mysql://"); }

bool is_email(std::string_view text) {
    const std::size_t at = text.find('@');
    return text.empty() || (at != 0 && at < text.size() - 1 && text.find('@', at + 1) == std::string_view::npos &&
                            text.find_first_of(" \t\r\n") == std::string_view::npos);
}

bool is_origin(std::string_view text) {
    if (text.empty()) return true;
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (text.starts_with(scheme)) {
            text.remove_prefix(scheme.size());
            return !text.empty() && text.find_first_of("/?#@\\ \t\r\n") == std::string_view::npos;
        }
    }
    return false;
}

// As a browser writes it (RFC 6454 section 6.2), for it is compared as it is: lower case, no port that goes without saying.
bool is_cors_origin(std::string_view text) {
    if (text == "*") return true;
    const std::size_t colon = text.find("://");
    if (colon == std::string_view::npos || colon == 0) return false;
    const std::string_view scheme = text.substr(0, colon);
    std::string_view host = text.substr(colon + 3);
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz", more = "0123456789+-.";
    const auto is_of_scheme = [&](char c) { return letters.find(c) != letters.npos || more.find(c) != more.npos; };
    if (letters.find(scheme.front()) == letters.npos || !std::ranges::all_of(scheme, is_of_scheme)) return false;
    const std::size_t bracket = host.rfind(']');
    const std::size_t port = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (port != std::string_view::npos) {
        const std::string_view digits = host.substr(port + 1);
        const auto number = app::base::parse_integer(digits);
        if (!number || *number < 1 || *number > 65535 || std::to_string(*number) != digits) return false;
        if ((scheme == "https" && *number == 443) || (scheme == "http" && *number == 80)) return false;
        host = host.substr(0, port);
    }
    if (host.starts_with('['))
        return host.ends_with(']') && app::base::parse_address(host.substr(1, host.size() - 2)).has_value();
    return !host.empty() && std::ranges::all_of(host, [&](char c) {
        return letters.find(c) != letters.npos || more.find(c) != more.npos || c == '_';
    });
}

bool is_host(std::string_view text) { return !text.empty() && text.find_first_of("/ \t\r\n") == std::string_view::npos; }

// Also nothing: whoever sets none sends no mail.
bool is_mail_server(std::string_view text) {
    const bool is_name = text.find_first_of("/?#@\\%:[] \t\r\n") == std::string_view::npos;
    return is_name || app::base::parse_address(text).has_value();
}

bool is_one_word(std::string_view text) { return text.find_first_of(" \t\r\n") == std::string_view::npos; }

bool is_one_line(std::string_view text) { return text.find_first_of("\r\n") == std::string_view::npos; }

bool is_path(std::string_view text) { return !text.empty() && is_one_line(text) && !text.ends_with('/'); }

bool is_network(std::string_view text) { return app::base::parse_network(text).has_value(); }

constexpr std::int64_t mebibyte = 1024 * 1024;
constexpr int hour_ms = 3'600'000;
constexpr std::array<std::string_view, 4> levels{"debug", "info", "warning", "error"};
constexpr std::array<std::string_view, 2> formats{"text", "json"};
constexpr std::array<std::string_view, 4> mail_auths{"any", "plain", "login", "xoauth2"};
constexpr std::array<std::string_view, 2> forwarded_headers{"x-forwarded-for", "forwarded"};

// at<&Config::server, &Server::port> is a function from a Config to its server.port.
template <auto... path>
constexpr auto at = [](Config& config) -> auto& { return (config.*....*path); };

// clang-format off: a row is easier to read as it was written
constexpr Setting table[] = {
    {.key = "debug", .field = at<&Config::debug>, .help = "for developing: errors in full, a weak secret key will do"},
    {.key = "testing", .field = at<&Config::testing>, .help = "for automatic tests"},

    {.key = "server.host", .field = at<&Config::server, &Server::host>, .help = "address to listen on",
     .fits = is_host, .shape = "an address or a host name"},
    {.key = "server.port", .field = at<&Config::server, &Server::port>, .help = "port to listen on; 0: any free one",
     .minimum = 0, .maximum = 65535},
    {.key = "server.threads", .field = at<&Config::server, &Server::threads>, .help = "event loops; 0: one per core",
     .minimum = 0, .maximum = 1024},
    {.key = "server.workers", .field = at<&Config::server, &Server::workers>, .help = "threads for requests that may wait",
     .minimum = 1, .maximum = 4096},
    {.key = "server.public_url", .variable = "PUBLIC_URL", .field = at<&Config::server, &Server::public_url>,
     .help = "scheme and host that links leaving the server begin with",
     .fits = is_origin, .shape = "scheme and host without a path, such as https://dewar.example"},
    {.key = "server.tls_cert", .field = at<&Config::server, &Server::tls_cert>,
     .help = "PEM file of the TLS certificate and its chain; with it the server speaks HTTPS"},
    {.key = "server.tls_key", .field = at<&Config::server, &Server::tls_key>,
     .help = "PEM file of the certificate's private key, not encrypted"},
    {.key = "server.trusted_proxies", .field = at<&Config::server, &Server::trusted_proxies>,
     .help = "addresses and networks, comma-separated, whose word on a client's address counts",
     .fits = is_network, .shape = "an address or a network, such as 10.0.0.0/8 or ::1"},
    {.key = "server.forwarded_header", .field = at<&Config::server, &Server::forwarded_header>,
     .help = "the header in which they give it", .choices = forwarded_headers},
    {.key = "server.body_bytes_max", .field = at<&Config::server, &Server::body_bytes_max>, .help = "longest request body",
     .minimum = 1, .maximum = 1024 * mebibyte},
    {.key = "server.json_body_bytes_max", .field = at<&Config::server, &Server::json_body_bytes_max>,
     .help = "longest request body that is JSON or XML: 413", .minimum = 1, .maximum = 1024 * mebibyte},
    {.key = "server.drain_delay_ms", .field = at<&Config::server, &Server::drain_delay_ms>,
     .help = "at shutdown, how long /readyz says 503 before the port is closed", .minimum = 0, .maximum = hour_ms},
    {.key = "server.grace_ms", .field = at<&Config::server, &Server::grace_ms>,
     .help = "how long requests under way may take at shutdown", .minimum = 0, .maximum = hour_ms},
    {.key = "server.pid_file", .field = at<&Config::server, &Server::pid_file>,
     .help = "the process number of a supervised server, which keeps it locked; the file of its state lies beside it",
     .fits = is_path, .shape = "a file"},
    {.key = "server.ready_timeout_ms", .field = at<&Config::server, &Server::ready_timeout_ms>,
     .help = "how long a supervised worker may take until it serves", .minimum = 1, .maximum = hour_ms},
    {.key = "server.restart_delay_ms", .field = at<&Config::server, &Server::restart_delay_ms>,
     .help = "pause before a worker that failed twice in a row is started again; doubled each time, up to 30 s",
     .minimum = 1, .maximum = hour_ms},
    {.key = "server.restarts_max", .field = at<&Config::server, &Server::restarts_max>,
     .help = "how often in a row a worker that fails is started again", .minimum = 0, .maximum = 10000},
    {.key = "server.steady_ms", .field = at<&Config::server, &Server::steady_ms>,
     .help = "a worker that has served for so long has not failed in a row", .minimum = 1, .maximum = hour_ms},
    {.key = "server.maintenance_file", .field = at<&Config::server, &Server::maintenance_file>,
     .help = "written by `manage maintenance on`; while it is there, requests are answered with 503",
     .fits = is_path, .shape = "the path of a file"},
    {.key = "server.request_timeout_ms", .field = at<&Config::server, &Server::request_timeout_ms>,
     .help = "how long a worker may take for one request: 503 then", .minimum = 1, .maximum = hour_ms},
    {.key = "server.head_bytes_max", .field = at<&Config::server, &Server::head_bytes_max>,
     .help = "longest request line and headers together: 431", .minimum = 1024, .maximum = mebibyte},
    {.key = "server.fields_max", .field = at<&Config::server, &Server::fields_max>,
     .help = "most headers of a request: 431", .minimum = 1, .maximum = 10000},
    {.key = "server.target_bytes_max", .field = at<&Config::server, &Server::target_bytes_max>,
     .help = "longest request target: 414", .minimum = 64, .maximum = mebibyte},
    {.key = "server.buffered_bytes_max", .field = at<&Config::server, &Server::buffered_bytes_max>,
     .help = "what all connections together may hold in memory: 503", .minimum = mebibyte, .maximum = 1024 * 1024 * mebibyte},
    {.key = "server.head_timeout_ms", .field = at<&Config::server, &Server::head_timeout_ms>,
     .help = "how long a request's head may take: 408", .minimum = 1, .maximum = hour_ms},
    {.key = "server.idle_timeout_ms", .field = at<&Config::server, &Server::idle_timeout_ms>,
     .help = "how long a connection may wait for its next request", .minimum = 1, .maximum = hour_ms},
    {.key = "server.write_stall_timeout_ms", .field = at<&Config::server, &Server::write_stall_timeout_ms>,
     .help = "how long a client may take nothing of its answer", .minimum = 1, .maximum = hour_ms},
    {.key = "server.body_bytes_per_second_min", .field = at<&Config::server, &Server::body_bytes_per_second_min>,
     .help = "slowest pace of a request's body: 408", .minimum = 1, .maximum = mebibyte},
    {.key = "server.connections_max", .field = at<&Config::server, &Server::connections_max>,
     .help = "most connections at a time: 503", .minimum = 1, .maximum = 10000000},
    {.key = "server.connections_per_address_max", .field = at<&Config::server, &Server::connections_per_address_max>,
     .help = "most connections from one address: 503; 0: no such limit", .minimum = 0, .maximum = 10000000},
    {.key = "server.queue_max", .field = at<&Config::server, &Server::queue_max>,
     .help = "most requests that wait for a worker: 503", .minimum = 1, .maximum = 10000000},

    {.key = "database.url", .variable = "DATABASE_URL", .field = at<&Config::database, &Database::url>,
     .help = "sqlite:///relative/path, sqlite:////absolute/path or mysql://user:password@host:port/name",
     .secrecy = Secrecy::url_password, .fits = is_database_url, .shape = "a URL that begins with sqlite: or mysql://"},
    {.key = "database.busy_timeout_ms", .field = at<&Config::database, &Database::busy_timeout_ms>,
     .help = "how long a statement waits for another's lock", .minimum = 0, .maximum = hour_ms},
    {.key = "database.slow_query_ms", .field = at<&Config::database, &Database::slow_query_ms>,
     .help = "queries that take longer are logged", .minimum = 0, .maximum = hour_ms},
    {.key = "database.cache_kib", .field = at<&Config::database, &Database::cache_kib>,
     .help = "page cache of a connection (SQLite)", .minimum = 64, .maximum = 16 * mebibyte},
    {.key = "database.mmap_bytes", .field = at<&Config::database, &Database::mmap_bytes>,
     .help = "how much of the file is mapped into memory (SQLite)", .minimum = 0, .maximum = 1024 * 1024 * mebibyte},
    {.key = "database.pool_max", .field = at<&Config::database, &Database::pool_max>,
     .help = "most connections of this process to the server (MySQL)", .minimum = 1, .maximum = 4096},
    {.key = "database.pool_wait_ms", .field = at<&Config::database, &Database::pool_wait_ms>,
     .help = "how long a request may wait for a connection: 503 (MySQL)", .minimum = 0, .maximum = hour_ms},
    {.key = "database.causal_reads", .field = at<&Config::database, &Database::causal_reads>,
     .help = "a read waits until its node has what was committed through any other (Galera)"},
    {.key = "database.connect_timeout_ms", .field = at<&Config::database, &Database::connect_timeout_ms>,
     .help = "how long signing in to a server may take; whole seconds (MySQL)", .minimum = 1, .maximum = hour_ms},
    {.key = "database.read_timeout_ms", .field = at<&Config::database, &Database::read_timeout_ms>,
     .help = "how long a statement's answer may take; whole seconds (MySQL)", .minimum = 1, .maximum = hour_ms},
    {.key = "database.write_timeout_ms", .field = at<&Config::database, &Database::write_timeout_ms>,
     .help = "how long sending a statement may take; whole seconds (MySQL)", .minimum = 1, .maximum = hour_ms},

    {.key = "secret.key", .variable = "SECRET_KEY", .field = at<&Config::secret, &Secret::key>,
     .help = "signs tokens and sessions; make one with: manage secret-key", .secrecy = Secrecy::secret},
    {.key = "secret.old_keys", .variable = "SECRET_KEY_OLD", .field = at<&Config::secret, &Secret::old_keys>,
     .help = "earlier keys, comma-separated, whose signatures still count", .secrecy = Secrecy::secret},

    {.key = "admin.email", .variable = "APP_ADMIN", .field = at<&Config::admin, &Admin::email>,
     .help = "address of the first administrator", .fits = is_email, .shape = "an e-mail address"},
    {.key = "admin.password", .variable = "APP_ADMIN_PASSWORD", .field = at<&Config::admin, &Admin::password>,
     .help = "password of the first administrator", .secrecy = Secrecy::secret},

    {.key = "blog.posts_per_page", .field = at<&Config::blog, &Blog::posts_per_page>, .help = "posts on one page",
     .minimum = 1, .maximum = 1000},
    {.key = "blog.comments_per_page", .field = at<&Config::blog, &Blog::comments_per_page>, .help = "comments on one page",
     .minimum = 1, .maximum = 1000},

    {.key = "password.memory_kib", .field = at<&Config::password, &Password::memory_kib>, .help = "memory of one argon2id hash",
     .minimum = 8, .maximum = 4 * mebibyte},
    {.key = "password.iterations", .field = at<&Config::password, &Password::iterations>, .help = "passes of one argon2id hash",
     .minimum = 1, .maximum = 1000},
    {.key = "password.parallelism", .field = at<&Config::password, &Password::parallelism>, .help = "lanes of one argon2id hash",
     .minimum = 1, .maximum = 64},
    {.key = "password.at_once_max", .field = at<&Config::password, &Password::at_once_max>,
     .help = "most hashes that are computed at a time; 0: as many as there are cores", .minimum = 0, .maximum = 1024},
    {.key = "password.waiting_max", .field = at<&Config::password, &Password::waiting_max>,
     .help = "most that wait for that: 503; no more than leaves half of the workers free", .minimum = 0, .maximum = 4096},
    {.key = "password.wait_ms", .field = at<&Config::password, &Password::wait_ms>,
     .help = "how long each of them may wait: 503", .minimum = 1, .maximum = hour_ms},

    {.key = "limits.enabled", .field = at<&Config::limits, &Limits::enabled>,
     .help = "limits of the API: requests per address and account, guesses of passwords"},
    {.key = "limits.address_requests_max", .field = at<&Config::limits, &Limits::address_requests_max>,
     .help = "most requests from one address in a window, and at once: 429", .minimum = 1, .maximum = 10000000},
    {.key = "limits.account_requests_max", .field = at<&Config::limits, &Limits::account_requests_max>,
     .help = "most requests of one account in a window, and at once: 429", .minimum = 1, .maximum = 10000000},
    {.key = "limits.window_s", .field = at<&Config::limits, &Limits::window_s>, .help = "seconds in which what was used comes back",
     .minimum = 1, .maximum = 86400},
    {.key = "limits.guesses_free", .field = at<&Config::limits, &Limits::guesses_free>,
     .help = "wrong passwords for one account from one address before each costs a pause: 429", .minimum = 1, .maximum = 1000},
    {.key = "limits.address_guesses_free", .field = at<&Config::limits, &Limits::address_guesses_free>,
     .help = "wrong passwords for any accounts from one address before each costs a pause: 429", .minimum = 1, .maximum = 100000},
    {.key = "limits.guess_pause_s", .field = at<&Config::limits, &Limits::guess_pause_s>,
     .help = "longest of these growing pauses, and how long one wrong password is remembered", .minimum = 1, .maximum = 3600},
    {.key = "limits.mails_max", .field = at<&Config::limits, &Limits::mails_max>,
     .help = "most mails to one e-mail address in an hour that anybody may ask for; more are not sent", .minimum = 1, .maximum = 1000000},
    {.key = "limits.mail_requests_max", .field = at<&Config::limits, &Limits::mail_requests_max>,
     .help = "most requests for such mails from one address in an hour: 429", .minimum = 1, .maximum = 1000000},
    {.key = "limits.entries_max", .field = at<&Config::limits, &Limits::entries_max>,
     .help = "addresses and accounts that are remembered; 112 bytes each", .minimum = 64, .maximum = 16777216},

    {.key = "accounts.registration", .field = at<&Config::accounts, &Accounts::registration>,
     .help = "anybody may register, by a mail that confirms the address"},
    {.key = "accounts.local_links", .field = at<&Config::accounts, &Accounts::local_links>,
     .help = "without PUBLIC_URL, links in mails lead to server.host and server.port"},

    {.key = "cors.origins", .field = at<&Config::cors, &Cors::origins>,
     .help = "origins, comma-separated, whose pages may call the API; *: all; empty: none",
     .fits = is_cors_origin, .shape = "* or scheme://host[:port] as browsers send it, such as https://app.example"},

    {.key = "static.folder", .field = at<&Config::static_files, &StaticFiles::folder>,
     .help = "folder whose files /static/ serves before those in the binary"},
    {.key = "static.file_bytes_max", .field = at<&Config::static_files, &StaticFiles::file_bytes_max>,
     .help = "longest file of that folder: 404", .minimum = 1, .maximum = 1024 * mebibyte},

    {.key = "compression.enabled", .field = at<&Config::compression, &Compression::enabled>,
     .help = "gzip and brotli for clients that accept them"},
    {.key = "compression.body_bytes_min", .field = at<&Config::compression, &Compression::body_bytes_min>,
     .help = "shortest answer that is compressed", .minimum = 1, .maximum = 8 * mebibyte},

    {.key = "docs.enabled", .field = at<&Config::docs, &Docs::enabled>,
     .help = "the page /docs, which shows the API and lets people try it"},

    {.key = "metrics.allow", .field = at<&Config::metrics, &Metrics::allow>,
     .help = "addresses and networks, comma-separated, that may read /metrics; others: 404; empty: nobody",
     .fits = is_network, .shape = "an address or a network, such as 10.0.0.0/8 or ::1"},

    {.key = "mail.provider", .variable = "MAIL_PROVIDER", .field = at<&Config::mail, &Mail::provider>,
     .help = "whose server it is: gmail, outlook, qq, ...; brings host, port and TLS"},
    {.key = "mail.server", .variable = "MAIL_SERVER", .field = at<&Config::mail, &Mail::server>,
     .help = "host that mail is handed to; empty: the provider's",
     .fits = is_mail_server, .shape = "a host name or an address, without a port"},
    {.key = "mail.port", .variable = "MAIL_PORT", .field = at<&Config::mail, &Mail::port>,
     .help = "its port; 0: the usual one", .minimum = 0, .maximum = 65535},
    {.key = "mail.use_tls", .variable = "MAIL_USE_TLS", .field = at<&Config::mail, &Mail::use_tls>,
     .help = "begin in clear, then STARTTLS (port 587)"},
    {.key = "mail.use_ssl", .variable = "MAIL_USE_SSL", .field = at<&Config::mail, &Mail::use_ssl>,
     .help = "TLS from the first byte (port 465)"},
    {.key = "mail.username", .variable = "MAIL_USERNAME", .field = at<&Config::mail, &Mail::username>,
     .help = "who signs in; empty: nobody does", .fits = is_one_word, .shape = "a name without blanks"},
    {.key = "mail.password", .variable = "MAIL_PASSWORD", .field = at<&Config::mail, &Mail::password>,
     .help = "app password, authorisation code or API key; for xoauth2 the access token", .secrecy = Secrecy::secret,
     .fits = is_one_line, .shape = "a text of one line"},
    {.key = "mail.auth", .variable = "MAIL_AUTH", .field = at<&Config::mail, &Mail::auth>,
     .help = "how to sign in", .choices = mail_auths},
    {.key = "mail.default_sender", .variable = "MAIL_DEFAULT_SENDER", .field = at<&Config::mail, &Mail::default_sender>,
     .help = "\"Dewar <blog@example.com>\"; empty: the username, if it is an address",
     .fits = is_one_line, .shape = "an address, or a name and an address in angles"},
    {.key = "mail.subject_prefix", .variable = "MAIL_SUBJECT_PREFIX", .field = at<&Config::mail, &Mail::subject_prefix>,
     .help = "what every subject begins with", .fits = is_one_line, .shape = "a text of one line"},
    {.key = "mail.suppress_send", .variable = "MAIL_SUPPRESS_SEND", .field = at<&Config::mail, &Mail::suppress_send>,
     .help = "let no mail leave"},
    {.key = "mail.timeout_s", .variable = "MAIL_TIMEOUT", .field = at<&Config::mail, &Mail::timeout_s>,
     .help = "how many seconds the delivery of one mail may take", .minimum = 1, .maximum = 600},
    {.key = "mail.ca_file", .variable = "MAIL_CA_FILE", .field = at<&Config::mail, &Mail::ca_file>,
     .help = "PEM file of those who may vouch for the server; empty: the system's"},
    {.key = "mail.retry_hours", .variable = "MAIL_RETRY_HOURS", .field = at<&Config::mail, &Mail::retry_hours>,
     .help = "for how many hours a mail that was not accepted is tried again", .minimum = 0, .maximum = 720},
    {.key = "mail.errors", .variable = "MAIL_ERRORS", .field = at<&Config::mail, &Mail::errors>,
     .help = "mail errors of the log to APP_ADMIN, at most one of a kind in ten minutes"},

    {.key = "log.level", .field = at<&Config::log, &Log::level>, .help = "the least that is logged", .choices = levels},
    {.key = "log.format", .field = at<&Config::log, &Log::format>, .help = "for people or for machines", .choices = formats},
    {.key = "log.file", .field = at<&Config::log, &Log::file>, .help = "what runserver appends to and SIGHUP and SIGUSR1 reopen; empty: standard error"},
    {.key = "log.crash_folder", .field = at<&Config::log, &Log::crash_folder>,
     .help = "folder of the reports that a crash leaves: crash-TIME-PID.txt", .fits = is_path, .shape = "the path of a folder"},
};
// clang-format on

std::string_view section_of(std::string_view key) { return key.substr(0, std::min(key.find('.'), key.size())); }

}  // namespace

std::span<const Setting> settings() { return table; }

const Setting* find_setting(std::string_view key) {
    const auto* found = std::ranges::find(table, key, &Setting::key);
    return found == std::end(table) ? nullptr : found;
}

std::string variable_of(std::string_view key) {
    std::string name = "APP_";
    for (const char letter : key) {
        if (letter == '.') {
            name += "__";
        } else {
            name += letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
        }
    }
    return name;
}

std::vector<std::string> names_of(const Setting& setting) {
    std::vector<std::string> names{variable_of(setting.key)};
    if (!setting.variable.empty()) names.insert(names.begin(), std::string(setting.variable));
    if (setting.secrecy != Secrecy::open) {
        for (std::size_t i = 0, size = names.size(); i < size; ++i) names.push_back(names[i] + "_FILE");
    }
    return names;
}

bool names_file(const Setting& setting, std::string_view name) {
    return setting.secrecy != Secrecy::open && name.ends_with("_FILE");
}

std::string key_of(std::string_view variable) {
    std::string key = app::base::to_lower_ascii(variable.substr(std::min(std::string_view("APP_").size(), variable.size())));
    if (const std::size_t underscores = key.find("__"); underscores != std::string::npos) {
        key.erase(underscores, 1);
        key[underscores] = '.';
    }
    return key;
}

std::string suggestion(std::string_view key, std::string (*spell)(std::string_view key)) {
    std::vector<std::string_view> keys;
    std::vector<std::string_view> sections;
    std::vector<std::string_view> siblings;  // the last parts of the keys in the same section
    const std::string_view section = section_of(key);
    for (const Setting& setting : table) {
        keys.push_back(setting.key);
        const std::string_view its_section = section_of(setting.key);
        if (sections.empty() || sections.back() != its_section) sections.push_back(its_section);
        if (its_section == section && its_section != setting.key) siblings.push_back(setting.key.substr(section.size() + 1));
    }

    const bool is_section = key.find('.') == std::string_view::npos;
    std::string_view near = app::base::nearest(key, keys);
    std::string text;
    if (near.empty() && is_section) near = app::base::nearest(key, sections);
    if (!near.empty() && near != key)
        text.append("; did you mean ").append(spell(near)).append("?");
    else
        text.append(";");
    if (siblings.empty()) return text.append(" there are: ").append(app::base::join(sections));
    return text.append(" ").append(section).append(" has: ").append(app::base::join(siblings));
}

}  // namespace config
