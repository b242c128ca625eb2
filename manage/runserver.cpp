// `manage runserver`: serves until SIGTERM or SIGINT. There is no other server for production: nothing in here is for developing.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <initializer_list>
#include <optional>
#include <stop_token>
#include <thread>

#include "app/base/log.hpp"
#include "app/db/schema.hpp"
#include "app/mailing.hpp"
#include "app/serve.hpp"
#include "manage/commands.hpp"
#include "manage/signals.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace {

constexpr std::initializer_list<int> served_signals{SIGINT, SIGTERM, SIGHUP, SIGUSR1};

// While it lives, SIGHUP and SIGUSR1 reopen the log, SIGHUP has the certificates read again as well, and the first signal of another
// kind stops the server: /readyz says so for drain_delay_ms, then the port is closed. The second one ends the program as it would
// without all this. The signals must be held by every thread.
class ServedSignals {
   public:
    ServedSignals(const HeldSignals& held, app::App& app, app::http::Server& server, app::outbox::Sender* sender)
        : held_(held), server_(server), thread_([this, &app, sender](const std::stop_token& over) {
              wait_for_stop();
              if (over.stop_requested()) return;
              app::base::log_info("stopping when the requests under way are answered; a second signal stops at once");
              app.services().draining = true;
              const std::chrono::milliseconds drain_delay(app.services().config.server.drain_delay_ms);
              if (const auto signal = wait_for_stop(Clock::now() + drain_delay)) end_by(*signal);
              if (sender != nullptr) sender->begin_stop();
              server_.stop();
              const auto signal = wait_for_stop();
              if (!over.stop_requested()) end_by(*signal);
          }) {}
    ~ServedSignals() {
        thread_.request_stop();
        pthread_kill(thread_.native_handle(), SIGTERM);  // wakes it
    }
    ServedSignals(const ServedSignals&) = delete;
    ServedSignals& operator=(const ServedSignals&) = delete;

   private:
    using Clock = std::chrono::steady_clock;

    // The next signal that stops, or nothing if none comes until `end`; does meanwhile what the other signals ask for.
    std::optional<int> wait_for_stop(std::optional<Clock::time_point> end = {}) const {
        for (;;) {
            const int signal = end ? wait_until(*end) : sigwaitinfo(&held_.signals(), nullptr);
            if (signal == SIGINT || signal == SIGTERM || (signal == SIGHUP && terminal_is_gone())) return signal;
            if (signal > 0) app::base::reopen_log();
            if (signal == SIGHUP) server_.reload_certificates();
            if (signal < 0 && errno == EAGAIN) return std::nullopt;
        }
    }

    int wait_until(Clock::time_point end) const {
        const auto left = std::max(end - Clock::now(), Clock::duration::zero());
        const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
        const timespec time{.tv_sec = seconds.count(), .tv_nsec = std::chrono::nanoseconds(left - seconds).count()};
        return sigtimedwait(&held_.signals(), nullptr, &time);
    }

    // Whoever closes the terminal that he started the server in means it to end.
    bool terminal_is_gone() const { return had_terminal_ && isatty(STDIN_FILENO) == 0; }

    void end_by(int signal) const {
        app::base::flush_log();
        std::signal(signal, SIG_DFL);
        pthread_sigmask(SIG_UNBLOCK, &held_.signals(), nullptr);
        raise(signal);
    }

    const HeldSignals& held_;
    app::http::Server& server_;
    const bool had_terminal_ = isatty(STDIN_FILENO) == 1;
    std::jthread thread_;
};

std::string url_of(const config::Server& server, int port) {
    const bool everywhere = server.host == "0.0.0.0" || server.host == "::";
    const bool is_ipv6 = server.host.find(':') != std::string::npos;
    const std::string host = everywhere ? "localhost" : is_ipv6 ? "[" + server.host + "]" : server.host;
    return (server.tls_cert.empty() ? "http://" : "https://") + host + ":" + std::to_string(port) + "/" +
           (everywhere ? " and on every address of this machine" : "");
}

// On standard error, beside the log; as a line of the log where machines read it.
void announce(const config::Config& config, const std::string& url, const std::string& database) {
    const std::string what = "config " + config.name + ", database " + database + ", process " + std::to_string(getpid());
    if (config.log.format == "json") {
        app::base::log_info("serving " + url + "; " + what);
        return;
    }
    write_all(STDERR_FILENO,
              "Dewar is at " + coloured(STDERR_FILENO, url, Colour::green) + "\n  " + what + "\n  Press Ctrl-C to stop.\n");
}

// The soft limit of most systems, 1024, is for programs that call select; connections_max is ours.
void raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);  // what fails here is told when it matters: the listener waits for free descriptors
}

int run(Invocation& invocation) {
    const HeldSignals signals(served_signals);  // before any thread is started
    const config::Config& config = invocation.config();
    if (!config.log.file.empty()) {
        app::base::set_up_log({.level = config.log.level, .format = config.log.format, .file = config.log.file});
    }
    const std::unique_ptr<app::App> app = app::create_app(config);
    app::db::Database& database = *app->services().database;
    app::db::require_current(database, app->services().migrations);

    raise_descriptor_limit();
    std::unique_ptr<app::outbox::Sender> sender;  // outlives the server's threads, which wake it
    std::unique_ptr<app::outbox::ErrorMails> error_mails;
    app::http::Server server(app::server_options(config), app::service(*app));
    const int port = server.bind();
    announce(config, url_of(config.server, port), database.location());
    sender = app::start_mail_sender(*app);
    error_mails = app::start_error_mails(*app);
    const ServedSignals served(signals, *app, server, sender.get());
    server.run();
    app::base::log_info("stopped");
    return 0;
}

}  // namespace

Command runserver() {
    return {
        .name = "runserver",
        .help = "Serve HTTP or HTTPS until Ctrl-C or SIGTERM",
        .example = "  manage runserver --host 0.0.0.0 --port 5000 --config production",
        .options =
            {{.name = "--host", .value_name = "HOST", .help = "address to listen on; 0.0.0.0: all", .setting = "server.host"},
             {.name = "--port", .value_name = "PORT", .help = "port to listen on; 0: any free one", .setting = "server.port"},
             {.name = "--threads", .value_name = "NUMBER", .help = "event loops; 0: one per core", .setting = "server.threads"},
             {.name = "--workers",
              .value_name = "NUMBER",
              .help = "threads for requests that may wait",
              .setting = "server.workers"},
             {.name = "--tls-cert",
              .value_name = "FILE",
              .help = "PEM file of a certificate and its chain: serve HTTPS; read again at SIGHUP",
              .setting = "server.tls_cert"},
             {.name = "--tls-key",
              .value_name = "FILE",
              .help = "PEM file of the certificate's private key",
              .setting = "server.tls_key"}},
        .run = run};
}

}  // namespace manage
