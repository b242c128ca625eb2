// `manage runserver`: serves until SIGTERM or SIGINT, alone or under a supervisor (supervise.cpp) in this terminal or none.
#include <sys/resource.h>
#include <unistd.h>

#include <exception>
#include <optional>
#include <utility>

#include "app/base/crash.hpp"
#include "app/base/error.hpp"
#include "app/base/log.hpp"
#include "app/db/schema.hpp"
#include "app/mailing.hpp"
#include "app/maintenance/watch.hpp"
#include "app/serve.hpp"
#include "manage/commands.hpp"
#include "manage/served_signals.hpp"
#include "manage/service_manager.hpp"
#include "manage/supervise.hpp"
#include "manage/supervised.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace {

// On standard error, beside the log; as a line of the log where machines read it, or a supervisor tells people.
void announce(const config::Config& config, const std::string& place, const std::string& database, bool is_supervised) {
    const std::string what = "config " + config.name + ", database " + database + ", process " + std::to_string(getpid());
    if (config.log.format == "json" || is_supervised) {
        app::base::log_info("serving " + place + "; " + what);
        return;
    }
    write_all(STDERR_FILENO,
              "Dewar is at " + coloured(STDERR_FILENO, place, Colour::green) + "\n  " + what + "\n  Press Ctrl-C to stop.\n");
}

// The soft limit of most systems, 1024, is for programs that call select; connections_max is ours.
void raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);  // what fails here is told when it matters: the listener waits for free descriptors
}

// The config with the port that was handed over in place of its own, for the links that are made by it.
config::Config with_port(config::Config config, const app::http::Port& port) {
    config.server.host = port.host();
    config.server.port = port.number();
    return config;
}

int serve(Invocation& invocation, const HeldSignals& signals, const Notifier& notifier, std::optional<Supervised> supervised) {
    std::optional<app::http::Port> port = take_port();
    config::Config config = invocation.config();
    if (!config.log.file.empty()) {
        app::base::set_up_log({.level = config.log.level, .format = config.log.format, .file = config.log.file});
        app::base::place_crash_reports(config.log.crash_folder, true);
    }
    if (port) config = with_port(std::move(config), *port);
    if (port && supervised) {
        supervised->set_port(port->socket(), config.server.pid_file);
    } else if (port) {
        app::base::log_info("serving the port that was handed over, " + port->host() + " port " + std::to_string(port->number()) +
                            ": --host, --port and their settings do not count");
    }
    const std::unique_ptr<app::App> app = app::create_app(config);
    app::db::Database& database = *app->services().database;
    app::db::require_current(database, app->services().migrations);

    raise_descriptor_limit();
    std::unique_ptr<app::outbox::Sender> sender;  // outlives the server's threads, which wake it
    std::unique_ptr<app::outbox::ErrorMails> error_mails;
    app::http::Server server(app::server_options(config), app::service(*app));
    const int number = port ? server.listen(*std::move(port)) : server.bind();
    announce(config, place_of(config.server, number), database.location(), supervised.has_value());
    sender = app::start_mail_sender(*app);
    error_mails = app::start_error_mails(*app);
    const app::maintenance::Watch watch(app->services().maintenance, config.server.maintenance_file);
    const ServedSignals served(signals, *app, server, sender.get(), notifier, std::move(supervised));
    notifier.tell("READY=1\nSTATUS=serving " + url_of(config.server, number));
    server.run();
    app::base::log_info("stopped");
    return 0;
}

int serve(Invocation& invocation) {
    const HeldSignals signals(served_signals);  // before any thread is started
    const Notifier notifier = Notifier::of_environment();
    try {
        std::optional<Supervised> supervised = Supervised::of_environment();
        if (invocation.has("--daemon")) return start_daemon(invocation, signals);
        if (invocation.has("--supervise") || invocation.has("--reload")) return supervise(invocation, signals, notifier);
        if (invocation.has("--pid-file") && !supervised) throw UsageError("--pid-file is for --supervise and --daemon");
        return serve(invocation, signals, notifier, std::move(supervised));
    } catch (const app::base::Error& error) {
        notifier.tell("STATUS=" + error.message());
        throw;
    } catch (const std::exception& error) {
        notifier.tell(std::string("STATUS=") + error.what());
        throw;
    }
}

}  // namespace

Command runserver() {
    return {
        .name = "runserver",
        .help = "Serve HTTP or HTTPS until Ctrl-C or SIGTERM",
        .example = "  manage runserver --host 0.0.0.0 --port 5000 --config production\n  manage runserver --daemon",
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
              .setting = "server.tls_key"},
             {.name = "--supervise",
              .kind = Option::Kind::flag,
              .help = "start the server again when it fails, and swap it at SIGUSR2 or `manage restart`"},
             {.name = "--daemon",
              .kind = Option::Kind::flag,
              .help = "as --supervise, in the background: returns when it is ready"},
             {.name = "--reload",
              .kind = Option::Kind::flag,
              .help = "as --supervise, in a checkout: build and swap when a file of app/ or config/ changes"},
             {.name = "--pid-file",
              .value_name = "FILE",
              .help = "with --supervise or --daemon, by which `manage stop`, status and restart find it",
              .setting = "server.pid_file"},
             {.name = "--log-file", .value_name = "FILE", .help = "to append the log to", .setting = "log.file"}},
        .run = serve};
}

}  // namespace manage
