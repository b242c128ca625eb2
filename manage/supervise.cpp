#include "manage/supervise.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <system_error>
#include <utility>

#include "app/base/error.hpp"
#include "app/base/log.hpp"
#include "manage/command_line.hpp"
#include "manage/commands.hpp"
#include "manage/log_files.hpp"
#include "manage/spawn.hpp"
#include "manage/supervisor.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace fs = std::filesystem;

namespace {

using app::base::Code;
using app::base::Descriptor;
using app::base::Error;

constexpr int backlog = 1024;
constexpr int poll_ms = 100;
constexpr mode_t log_mode = 0640;

// Those of this command line that hold a value, and the flags.
std::vector<std::string> arguments_of(const Invocation& invocation, std::vector<std::string> flags) {
    std::vector<std::string> arguments{"runserver"};
    std::vector<Option> options = runserver().options;
    options.push_back(config_option());
    for (const Option& option : options) {
        const auto value = invocation.find(option.name);
        if (option.kind == Option::Kind::value && value) arguments.push_back(option.name + "=" + *value);
    }
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return arguments;
}

Supervision::Policy policy_of(const config::Server& server) {
    using std::chrono::milliseconds;
    constexpr milliseconds spare{10000};  // beyond what a worker takes that ends in order
    return {.ready_timeout = milliseconds(server.ready_timeout_ms),
            .leave_timeout = milliseconds(server.drain_delay_ms) + milliseconds(server.grace_ms) + spare,
            .restart_delay = milliseconds(server.restart_delay_ms),
            .steady = milliseconds(server.steady_ms),
            .restarts_max = server.restarts_max};
}

Estate make_estate(const config::Server& server) {
    std::optional<app::http::Port> handed_over = take_port();
    PidFile pid_file(server.pid_file);
    return {handed_over ? *std::move(handed_over) : app::http::open_port(server.host, server.port, backlog), std::move(pid_file),
            NotifySocket(), app::base::now()};
}

std::string banner_of(const config::Config& config, const std::string& place) {
    if (config.log.format == "json") return "";
    return "Dewar is at " + coloured(STDERR_FILENO, place, Colour::green) + "\n  config " + config.name + ", database " +
           config::masked_url(config.database.url) + ", supervisor " + std::to_string(::getpid()) + "\n  Press Ctrl-C to stop.\n";
}

Descriptor open_log(const std::string& path) {
    std::error_code error;
    const fs::path folder = fs::path(path).parent_path();
    if (!folder.empty()) fs::create_directories(folder, error);
    Descriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, log_mode));
    if (file.get() >= 0) return file;
    throw Error(Code::unavailable, "cannot open the log file " + path + ": " + app::base::system_message(errno));
}

// A signal that ends programs, if one came.
bool is_interrupted(int signals) {
    signalfd_siginfo signal;
    while (::read(signals, &signal, sizeof signal) == sizeof signal) {
        const int number = static_cast<int>(signal.ssi_signo);
        if (std::ranges::find(ending_signals, number) != ending_signals.end()) return true;
    }
    return false;
}

// What a daemon said once it is ready; throws the reason if it ends before.
std::string wait_for_ready(pid_t daemon, const NotifySocket& socket, int signals, const std::string& log) {
    std::string words;
    for (bool over = false;;) {
        while (const auto message = socket.receive()) {
            if (message->sender != daemon) continue;
            words = message->value("STATUS");
            if (message->has("READY=1")) return words;
        }
        int status = 0;
        if (over) throw Error(Code::unavailable, words.append("; the log: ").append(log));
        if (::waitpid(daemon, &status, WNOHANG) == daemon) {
            over = true;  // and its last words may have come just now
            if (words.empty()) words.append("the server ").append(text_of_end(status)).append(" before it was ready");
            continue;
        }
        if (is_interrupted(signals)) {
            ::kill(daemon, SIGTERM);
            ::waitpid(daemon, nullptr, 0);
            throw Error(Code::unavailable, "interrupted before the server was ready: it was stopped");
        }
        std::array<pollfd, 2> sources{{{socket.descriptor(), POLLIN, 0}, {signals, POLLIN, 0}}};
        ::poll(sources.data(), sources.size(), poll_ms);
    }
}

bool is_everywhere(const config::Server& server) { return server.host == "0.0.0.0" || server.host == "::"; }

}  // namespace

std::string url_of(const config::Server& server, int port) {
    const bool is_ipv6 = server.host.find(':') != std::string::npos;
    const std::string host = is_everywhere(server) ? "localhost" : is_ipv6 ? "[" + server.host + "]" : server.host;
    return (server.tls_cert.empty() ? "http://" : "https://") + host + ":" + std::to_string(port) + "/";
}

std::string place_of(const config::Server& server, int port) {
    return url_of(server, port) + (is_everywhere(server) ? " and on every address of this machine" : "");
}

int supervise(Invocation& invocation, const HeldSignals& held, const Notifier& notifier) {
    std::vector<std::string> own = command_line_of(::getpid());
    const std::string program = program_path();
    config::Config config = invocation.config();
    std::optional<Estate> before = Estate::of_environment();
    if (!config.log.file.empty()) {
        app::base::set_up_log({.level = config.log.level, .format = config.log.format, .file = config.log.file});
    }
    const bool reload = invocation.has("--reload");
    if (reload && config.name != "development") throw UsageError("--reload is for the config development, not " + config.name);
    Estate estate = before ? *std::move(before) : make_estate(config.server);
    config.server.host = estate.port.host();
    const std::string url = url_of(config.server, estate.port.number());
    SupervisorOptions options{.program = program,
                              .arguments = {own.begin() + 1, own.end()},
                              .worker_arguments = arguments_of(invocation, {}),
                              .policy = policy_of(config.server),
                              .about = {{"url", url}, {"config", config.name}, {"version", DEWAR_VERSION}},
                              .crash_folder = config.log.crash_folder,
                              .reload = reload,
                              .banner = banner_of(config, place_of(config.server, estate.port.number()))};
    return run_supervisor(std::move(options), std::move(estate), held, notifier);
}

int start_daemon(Invocation& invocation, const HeldSignals& held) {
    const config::Config& config = invocation.config();
    const std::string log = log_of_daemon(config).string();
    const Descriptor file = open_log(log);
    const Descriptor signals(::signalfd(-1, &held.signals(), SFD_CLOEXEC | SFD_NONBLOCK));
    const NotifySocket socket;
    std::vector<std::string> flags{"--supervise"};
    if (invocation.has("--reload")) flags.emplace_back("--reload");
    if (config.log.file.empty()) flags.push_back("--log-file=" + log);  // so that it can be reopened
    Launch launch{.arguments = arguments_of(invocation, std::move(flags)),
                  .environment = {{"NOTIFY_SOCKET", socket.address()}},
                  .output = file.get(),
                  .group = Launch::Group::own_session};
    launch.arguments.insert(launch.arguments.begin(), program_path());
    const pid_t daemon = spawn(launch);
    const std::string words = wait_for_ready(daemon, socket, signals.get(), log);
    invocation.print("Dewar: " + words + "\n  config " + config.name + ", supervisor " + std::to_string(daemon) + ", log " + log +
                     "\n  `manage status` tells how it is, `manage stop` ends it.\n");
    return 0;
}

}  // namespace manage
