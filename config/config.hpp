// The settings of Dewar: one typed, validated Config, read once at start and passed down. A config has a name (development,
// production, ...) and a TOML file of that name; what an operator sets on one machine lies over it. From strongest to weakest:
// the command line, the environment, .env, the file (and those it inherits), the default in this header.
//
// Everything is refused rather than guessed: an unknown key, a wrong type, a value out of range, a secret in a file. Such an
// error is an app::base::Error(Code::invalid) of one line that says where and what would be right, and never shows a secret.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace config {

struct Server {
    std::string host = "127.0.0.1";
    int port = 5000;                 // 0: any free one
    int threads = 0;                 // event loops; 0: one per core
    int workers = 64;                // threads for what may block
    std::string public_url;          // "https://dewar.example": scheme and host, no trailing slash; empty: not set
    std::string tls_cert;            // PEM file, with the certificates that vouch for it; empty: plain HTTP
    std::string tls_key;             // PEM file of its private key; set both or none
    int request_timeout_ms = 30000;  // how long a worker may take for one request
    int drain_delay_ms = 0;          // at shutdown, how long /readyz says 503 before the port is closed
    int grace_ms = 10000;            // how long requests under way may take to finish at shutdown
    std::string maintenance_file = "instance/maintenance.json";  // while it is there, answers are 503; see app/maintenance

    // Of a supervised server, see manage/supervision.hpp.
    std::string pid_file = "instance/runserver.pid";  // the file of its state lies beside it
    int ready_timeout_ms = 60000;                     // how long a worker may take to be ready
    int restart_delay_ms = 500;                       // before the second start in a row, then twice as long each time
    int restarts_max = 10;                            // in a row
    int steady_ms = 10000;                            // who was ready for so long is not counted among failures in a row

    // Whose word on a client's address counts, see app/web/forwarded.hpp.
    std::vector<std::string> trusted_proxies;          // addresses and networks
    std::string forwarded_header = "x-forwarded-for";  // or "forwarded": the one that they set

    // What one client, and all together, may ask for; see app/http/limits.hpp for the status of each refusal.
    std::int64_t head_bytes_max = 65536;
    int fields_max = 100;
    std::int64_t target_bytes_max = 8192;
    std::int64_t body_bytes_max = 16777216;
    std::int64_t json_body_bytes_max = 4194304;  // of JSON and XML bodies
    std::int64_t buffered_bytes_max = 268435456;
    int head_timeout_ms = 10000;
    int idle_timeout_ms = 60000;
    int write_stall_timeout_ms = 30000;
    int body_bytes_per_second_min = 240;
    int connections_max = 20000;
    int connections_per_address_max = 0;  // 0: no such limit
    int queue_max = 4096;
};

struct Database {
    std::string url;  // may hold a password: never log it, see masked_url()
    int busy_timeout_ms = 5000;
    int slow_query_ms = 500;
    int cache_kib = 8192;
    std::int64_t mmap_bytes = 268435456;
    int pool_max = 64;
    int pool_wait_ms = 5000;
    bool causal_reads = true;
    int connect_timeout_ms = 3000;
    int read_timeout_ms = 30000;
    int write_timeout_ms = 30000;
};

struct Secret {
    std::string key;                    // signs; empty: not set, see require_secret()
    std::vector<std::string> old_keys;  // still read
};

struct Admin {  // the first administrator, made by `manage deploy`
    std::string email;
    std::string password;
};

struct Blog {
    int posts_per_page = 20;
    int comments_per_page = 30;
};

struct Password {  // argon2id
    int memory_kib = 19456;
    int iterations = 2;
    int parallelism = 1;

    // How many hashes may be under way. Half of server.workers at most, waiting ones included: the others stay free for others.
    int at_once_max = 0;  // 0: as many as there are cores
    int waiting_max = 64;
    int wait_ms = 5000;
};

struct Limits {  // see app/throttle
    bool enabled = true;
    int address_requests_max = 1200;  // in a window, and at once
    int account_requests_max = 600;
    int window_s = 60;
    int guesses_free = 5;           // wrong passwords for one account from one address
    int address_guesses_free = 30;  // wrong passwords for any accounts from one address
    int guess_pause_s = 60;         // the longest
    int mails_max = 5;              // to one address, caused by whoever types it, in an hour
    int mail_requests_max = 60;     // for such mails from one address, in an hour
    int entries_max = 65536;        // addresses, and accounts, that are remembered
};

struct Accounts {              // see app/accounts
    bool registration = true;  // anybody may, once there is mail and a PUBLIC_URL
    bool local_links = false;  // without PUBLIC_URL, links in mails lead to server.host and server.port
};

struct Cors {
    std::vector<std::string> origins;  // "https://app.example", or "*"; empty: off
};

struct StaticFiles {
    std::string folder;  // its files come before those in the binary; empty: none
    std::int64_t file_bytes_max = 67108864;
};

struct Compression {
    bool enabled = true;
    std::int64_t body_bytes_min = 4096;
};

struct Docs {
    bool enabled = true;  // the page /docs
};

struct Metrics {
    std::vector<std::string> allow{"127.0.0.0/8", "::1"};  // addresses and networks that may read /metrics; empty: there is none
};

// How mail leaves, and as whose; app/mail/settings.hpp says what follows from it.
struct Mail {
    std::string provider;        // "gmail": what is not set below is as app/mail/providers.cpp has it
    std::string server;          // empty: the provider's
    int port = 0;                // 0: the provider's, or the usual one for its kind of TLS
    bool use_tls = false;        // begins in clear, then STARTTLS
    bool use_ssl = false;        // TLS from the first byte
    std::string username;        // empty: sends without signing in
    std::string password;        // or authorisation code, or API key; with auth "xoauth2" the access token
    std::string auth = "any";    // plain, login, xoauth2
    std::string default_sender;  // "Dewar <blog@example.com>"; empty: the username, if it is an address
    std::string subject_prefix;  // "[Dewar]"
    bool suppress_send = false;  // nothing leaves
    int timeout_s = 30;          // for one message, from looking up the server to its last word
    std::string ca_file;         // PEM file of those who may vouch for the server; empty: the system's
    int retry_hours = 72;        // for how long a mail that was not accepted is tried again
    bool errors = false;         // lines of the log of level error are mailed to admin.email
};

struct Log {
    std::string level = "info";             // debug, info, warning, error
    std::string format = "text";            // text, json
    std::string file;                       // to which `manage runserver` appends; empty: standard error
    std::string crash_folder = "instance";  // where the report of a crash is written
};

struct Config {
    std::string name;
    bool debug = false;
    bool testing = false;
    Server server;
    Database database;
    Secret secret;
    Admin admin;
    Blog blog;
    Password password;
    Limits limits;
    Accounts accounts;
    Cors cors;
    StaticFiles static_files;
    Compression compression;
    Docs docs;
    Metrics metrics;
    Mail mail;
    Log log;
};

// Environment variables: a copy, so that it neither changes under a reader nor needs a lock, and tests bring their own.
class Environment {
   public:
    using Variables = std::map<std::string, std::string, std::less<>>;

    explicit Environment(Variables variables) : variables_(std::move(variables)) {}

    // Those of this process, as they are now.
    static Environment of_process();

    // The view lives as long as this Environment.
    std::optional<std::string_view> find(std::string_view name) const;
    const Variables& variables() const noexcept { return variables_; }

   private:
    Variables variables_;
};

// A setting given on the command line: {"server.port", "8080", "--port"}.
struct Override {
    std::string key;
    std::string value;
    std::string option;
};

// Where load() looks besides the environment and the files in the binary.
struct Sources {
    std::vector<Override> overrides;
    std::string config_folder;         // its NAME.toml come before the embedded ones; empty: APP_CONFIG_DIR, if that is set
    std::string dotenv_path = ".env";  // need not exist
};

// What `manage config` shows of one key.
struct Effective {
    std::string key;        // "server.port"
    std::string value;      // secrets and the password of a URL are "***"
    std::string origin;     // "default", "config/production.toml:12", ".env:3", "environment SECRET_KEY", "command line --port"
    std::string variable;   // that sets it: "SECRET_KEY", "APP_SERVER__PORT"
    std::string_view help;  // one line; lives as long as the program
};

struct Loaded {
    Config config;
    std::string name_origin;          // where the config's name came from, written as an Effective's origin
    std::vector<Effective> settings;  // every key, in the order of the table of settings
};

// The config called `name` (from --config); empty: APP_CONFIG of the environment, then of .env, else "development".
// Reads files; throws Error(invalid). A missing or weak secret key is no error here, see require_secret().
Loaded load(std::string_view name, const Environment& environment, const Sources& sources = {});

// Why this signing key is weak ("is shorter than 32 bytes"), or nothing. The answer holds no part of the key.
std::optional<std::string> weakness(std::string_view key);

// Throws Error(invalid) unless the signing key and the old keys are fit for use. Debug and testing configs may be weak.
// For create_app: commands that need no secret do not call it.
void require_secret(const Config& config);

// mysql://user:password@host/name -> mysql://user:***@host/name, for logs and reports.
std::string masked_url(std::string_view url);

}  // namespace config
