// `manage runserver`: serves until SIGTERM or SIGINT. There is no other server for production: nothing in here is for developing.
#include <unistd.h>

#include <csignal>
#include <initializer_list>
#include <stop_token>
#include <thread>

#include "app/base/log.hpp"
#include "app/db/migrate.hpp"
#include "app/serve.hpp"
#include "manage/commands.hpp"
#include "manage/signals.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace {

constexpr std::initializer_list<int> stop_signals{SIGINT, SIGTERM};

// While it lives, the first signal stops the server: /readyz says so for drain_delay_ms, then the port is closed. The second one
// ends the program as it would without all this. The signals must be held by every thread.
class StopAtSignal {
   public:
    StopAtSignal(const HeldSignals& held, app::App& app, app::http::Server& server)
        : thread_([&held, &app, &server](const std::stop_token& over) {
              int signal = 0;
              sigwait(&held.signals(), &signal);
              if (over.stop_requested()) return;
              app::base::log_info("stopping when the requests under way are answered; a second signal stops at once");
              app.services().draining = true;
              if (wait_for(held, app.services().config.server.drain_delay_ms)) end_by(held, signal);
              server.stop();
              sigwait(&held.signals(), &signal);
              if (!over.stop_requested()) end_by(held, signal);
          }) {}
    ~StopAtSignal() {
        thread_.request_stop();
        pthread_kill(thread_.native_handle(), SIGTERM);  // wakes it
    }
    StopAtSignal(const StopAtSignal&) = delete;
    StopAtSignal& operator=(const StopAtSignal&) = delete;

   private:
    // Whether another signal came in that time.
    static bool wait_for(const HeldSignals& held, int delay_ms) {
        const timespec delay{.tv_sec = delay_ms / 1000, .tv_nsec = delay_ms % 1000 * 1'000'000L};
        return sigtimedwait(&held.signals(), nullptr, &delay) > 0;
    }

    static void end_by(const HeldSignals& held, int signal) {
        std::signal(signal, SIG_DFL);
        pthread_sigmask(SIG_UNBLOCK, &held.signals(), nullptr);
        raise(signal);
    }

    std::jthread thread_;
};

std::string url_of(const config::Server& server, int port) {
    const bool everywhere = server.host == "0.0.0.0" || server.host == "::";
    const bool is_ipv6 = server.host.find(':') != std::string::npos;
    const std::string host = everywhere ? "localhost" : is_ipv6 ? "[" + server.host + "]" : server.host;
    return "http://" + host + ":" + std::to_string(port) + "/" + (everywhere ? " and on every address of this machine" : "");
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

int run(Invocation& invocation) {
    const HeldSignals signals(stop_signals);  // before any thread is started
    const config::Config& config = invocation.config();
    const std::unique_ptr<app::App> app = app::create_app(config);
    app::db::Database& database = *app->services().database;
    app::db::require_current(database, app->services().migrations);

    app::http::Server server(app::server_options(config), app::service(*app));
    const int port = server.bind();
    announce(config, url_of(config.server, port), database.location());
    const StopAtSignal stop_at_signal(signals, *app, server);
    server.run();
    app::base::log_info("stopped");
    return 0;
}

}  // namespace

Command runserver() {
    return {
        .name = "runserver",
        .help = "Serve HTTP until Ctrl-C or SIGTERM",
        .example = "  manage runserver --host 0.0.0.0 --port 5000 --config production",
        .options =
            {{.name = "--host", .value_name = "HOST", .help = "address to listen on; 0.0.0.0: all", .setting = "server.host"},
             {.name = "--port", .value_name = "PORT", .help = "port to listen on; 0: any free one", .setting = "server.port"},
             {.name = "--threads", .value_name = "NUMBER", .help = "event loops; 0: one per core", .setting = "server.threads"},
             {.name = "--workers",
              .value_name = "NUMBER",
              .help = "threads for requests that may wait",
              .setting = "server.workers"}},
        .run = run};
}

}  // namespace manage
