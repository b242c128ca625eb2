// `manage top`: the server that runs, as numbers that move.
#include <unistd.h>

#include <chrono>
#include <thread>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/http/client.hpp"
#include "manage/commands.hpp"
#include "manage/run_files.hpp"
#include "manage/running_server.hpp"
#include "manage/screen.hpp"
#include "manage/top_report.hpp"

namespace manage {

namespace {

using app::base::Code;
using app::base::Error;
using app::http::Address;

constexpr std::chrono::milliseconds interval_by_default{2000}, interval_min{100}, interval_max{3'600'000};
constexpr std::chrono::milliseconds answer_patience{3000};  // with a server that does not answer

// Of the supervised server that runs here; "" if there is none.
std::string find_url(const config::Config& config) {
    return find_supervisor(config.server.pid_file) ? RunningServer(config).text("url") : "";
}

Address address_of(Invocation& invocation) {
    if (const auto url = invocation.find("URL")) {
        Address address = app::http::parse_url(*url);
        if (address.target == "/") address.target = "/metrics";
        return address;
    }
    const config::Server& server = invocation.config().server;
    if (const std::string url = find_url(invocation.config()); !url.empty()) {
        Address address = app::http::parse_url(url);
        address.target = "/metrics";
        return address;
    }
    if (server.port == 0) {
        throw Error(Code::invalid, "server.port is 0, any free one: name the server, as in: manage top http://127.0.0.1:5000");
    }
    const std::string host = server.host == "0.0.0.0" ? "127.0.0.1" : server.host == "::" ? "::1" : server.host;
    return {.tls = !server.tls_cert.empty(), .host = host, .port = server.port, .target = "/metrics"};
}

std::chrono::milliseconds interval_of(const Invocation& invocation) {
    const auto given = invocation.find("--interval");
    if (!given) return interval_by_default;
    std::string digits = *given;  // seconds, with at most three decimals
    const auto point = digits.find('.');
    const std::size_t decimals = point == std::string::npos ? 0 : digits.size() - point - 1;
    if (point != std::string::npos) digits.erase(point, 1);
    digits.append(3 - std::min<std::size_t>(decimals, 3), '0');
    const auto number = decimals <= 3 && digits.size() <= 10 ? app::base::parse_integer(digits) : std::nullopt;
    if (!number || std::chrono::milliseconds(*number) < interval_min || std::chrono::milliseconds(*number) > interval_max) {
        throw UsageError("top: --interval is a number of seconds from 0.1 to 3600, not " + *given);
    }
    return std::chrono::milliseconds(*number);
}

Scrape scrape(const Address& address) {
    const app::http::Fetched page = app::http::fetch(address, answer_patience);
    if (page.status == 404 || page.status == 403) {
        throw Error(Code::unavailable,
                    address.url() + " is not there for us: the server's metrics.allow has to name our address");
    }
    if (page.status != 200) {
        throw Error(Code::unavailable, address.url() + " answers " + std::to_string(page.status) + ": is it a Dewar server's?");
    }
    auto read = Scrape::parse(page.body);
    if (!read) throw Error(Code::unavailable, address.url() + " is no Dewar server's");
    return *std::move(read);
}

// Draws until somebody ends it. A server that goes away meanwhile, to be started anew perhaps, is waited for.
void watch(const Address& address, std::chrono::milliseconds interval, Scrape before) {
    const std::string hint = "\nq: quit\n";
    const Screen screen;
    std::optional<Scrape> last = std::move(before);
    std::string text = "Looking at " + address.url() + " ...\n" + hint;
    for (;;) {
        screen.show(text);
        Screen::Event event = Screen::Event::resized;
        const auto end = std::chrono::steady_clock::now() + interval;
        while (event == Screen::Event::resized) {
            event = screen.wait(std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()));
            if (event == Screen::Event::resized) screen.show(text);
        }
        if (event == Screen::Event::quit) return;
        try {
            Scrape now = scrape(address);
            text = (last ? top_text(*last, now, address.url()) : "It is there again.\n") + hint;
            last = std::move(now);
        } catch (const Error& error) {
            text = error.message() + "\n" + hint;
            last.reset();
        }
    }
}

int run_top(Invocation& invocation) {
    const Address address = address_of(invocation);
    const std::chrono::milliseconds interval = interval_of(invocation);
    const bool once = invocation.has("--once"), json = invocation.has("--json");
    if (!once && !json && (::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0)) {
        throw UsageError("top: this is no terminal to draw on; use --once or --json");
    }
    Scrape before = scrape(address);
    if (!once && !json) {
        watch(address, interval, std::move(before));
        return 0;
    }
    for (;;) {
        std::this_thread::sleep_for(interval);
        Scrape now = scrape(address);
        invocation.print(json ? top_json(before, now) : top_text(before, now, address.url()));
        if (once) return 0;
        before = std::move(now);
    }
}

}  // namespace

Command top() {
    using Kind = Option::Kind;
    return {
        .name = "top",
        .help = "Watch the running server: rates, times, connections, the slowest routes",
        .example = "  manage top\n"
                   "  manage top --once https://10.0.0.11:5000\n"
                   "  manage top --json --interval 10",
        .options = {{.name = "URL",
                     .kind = Kind::positional,
                     .help = "the server; else the supervised one that runs here, or that of the config on this machine"},
                    {.name = "--interval", .value_name = "SECONDS", .help = "how often to look, from 0.1 on; else 2"},
                    {.name = "--once", .kind = Kind::flag, .help = "print one table after one interval, also without a terminal"},
                    {.name = "--json", .kind = Kind::flag, .help = "a line of JSON for each interval; with --once, one"}},
        .run = run_top};
}

}  // namespace manage
