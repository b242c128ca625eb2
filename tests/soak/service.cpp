#include "tests/soak/service.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <stdexcept>
#include <thread>

#include "app/base/text.hpp"
#include "tests/soak/client.hpp"
#include "tests/soak/process_figures.hpp"

namespace soak {
namespace {

constexpr const char* writer = "soak@example.com";
constexpr const char* password = "a password that is long";
constexpr std::chrono::seconds patience{60};
// A server that was told to stop may write to the log that was there when it began, for as long as its grace.
constexpr int rotations_kept = 20;

// That nobody uses now; the next one to ask the system for a port may get it, which is to be seen at once.
int free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool found = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                       ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    ::close(socket);
    if (!found) throw std::runtime_error("there is no free port");
    return ntohs(address.sin_port);
}

bool is_ready(int port) {
    try {
        return Client(port).request("GET /readyz HTTP/1.1\r\nHost: soak\r\nConnection: close\r\n\r\n").status == 200;
    } catch (const std::exception&) {  // not yet
        return false;
    }
}

}  // namespace

Service::Service(bool on_mysql) : port_(free_port()) {
    if (on_mysql) mariadb_ = std::make_unique<tests::Mariadb>();
    environment_ = {{"APP_CONFIG", "standalone"},
                    {"APP_LOG__FORMAT", "json"},
                    {"APP_LOG__FILE", "dewar.log"},
                    {"APP_LIMITS__ENABLED", "false"},
                    {"APP_PASSWORD__MEMORY_KIB", "64"},
                    {"APP_DATABASE__CACHE_KIB", "512"},  // full soon, so that what still grows is something else
                    {"APP_SERVER__HEAD_TIMEOUT_MS", "3000"},
                    {"DATABASE_URL", mariadb_ ? mariadb_->new_database() : "sqlite:///" + folder_ / "blog.sqlite"},
                    {"SECRET_KEY", "vWq0Yz7Jx2Kc8Rt5Nb1Mh6Lp3Sd9FgA4"}};
    manage({"deploy"});
    const tests::Finished added =
        tests::run({.arguments = {MANAGE_BINARY, "user", "add", writer, "--username", "soak", "--password-stdin"},
                    .environment = environment_,
                    .input = password,
                    .folder = folder_.path()});
    if (added.exit_code != 0) throw std::runtime_error("manage user add: " + added.err);
    process_ = std::make_unique<tests::Process>(
        tests::Start{.arguments = {MANAGE_BINARY, "runserver", "--supervise", "--port", std::to_string(port_)},
                     .environment = environment_,
                     .folder = folder_.path(),
                     .patience = patience});
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!is_ready(port_)) {
        if (std::chrono::steady_clock::now() > deadline)
            throw std::runtime_error("the server is never ready: " + process_->err());
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

// The worker of a supervisor that was killed would start another one: both at once.
Service::~Service() {
    if (!process_ || process_->pid() <= 0) return;
    process_->send(SIGSTOP);
    for (const pid_t child : children_of(process_->pid())) ::kill(child, SIGKILL);
    process_->send(SIGKILL);
}

std::string Service::authorization() const { return "Basic " + app::base::base64_encode(std::string(writer) + ":" + password); }

std::string Service::database_url() const { return environment_.at("DATABASE_URL"); }

std::optional<pid_t> Service::worker() const {
    const auto children = children_of(supervisor());
    return children.size() == 1 ? std::optional(children.front()) : std::nullopt;
}

std::string Service::manage(std::vector<std::string> arguments) const {
    std::string name = "manage";
    for (const std::string& argument : arguments) name += " " + argument;
    arguments.insert(arguments.begin(), MANAGE_BINARY);
    const tests::Finished result = tests::run(
        {.arguments = std::move(arguments), .environment = environment_, .folder = folder_.path(), .patience = patience * 5});
    if (result.exit_code != 0)
        throw std::runtime_error(name + " exits with " + std::to_string(result.exit_code) + ": " + result.err);
    return result.out;
}

std::filesystem::path Service::log_file(int number) const {
    return folder_.path() / (number < 0 ? "dewar.log" : "dewar.log." + std::to_string(number));
}

void Service::rotate_log() {
    std::filesystem::rename(log_file(-1), log_file(rotated_++));
    process_->send(SIGUSR1);
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!std::filesystem::exists(log_file(-1))) {
        if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("SIGUSR1 makes no new log");
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    for (; counted_ < rotated_ - rotations_kept; ++counted_) {
        log_.add(log_file(counted_));
        std::filesystem::remove(log_file(counted_));
    }
}

void Service::back_up() const {
    const std::string file = folder_ / (mariadb_ ? "copy.dump" : "copy.sqlite");
    manage({mariadb_ ? "dump" : "backup", file});
    std::filesystem::remove(file);
}

int Service::stop() {
    process_->send(SIGTERM);
    return process_->wait().exit_code;
}

LogCount Service::log() {
    for (; counted_ < rotated_; ++counted_) log_.add(log_file(counted_));
    log_.add(log_file(-1));
    return log_;
}

}  // namespace soak
