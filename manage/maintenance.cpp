// `manage maintenance on|off|status`: writes, removes and reads the file that tells running servers to answer with 503 (app/maintenance).
// Needs neither the database nor the server.
#include "app/base/clock.hpp"
#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/maintenance/notice.hpp"
#include "app/web/json.hpp"
#include "manage/commands.hpp"

namespace manage {

namespace {

using app::base::Error;
using app::maintenance::Notice;

std::string notice_file_of(Invocation& invocation) { return invocation.config().server.maintenance_file; }

std::string since(const Notice& notice) { return notice.since.empty() ? "" : " since " + notice.since; }

void print_json(const Invocation& invocation, const std::string& file, const std::optional<Notice>& notice) {
    std::string text;
    app::web::JsonWriter json(text);
    json.begin_object();
    if (notice) {
        json.key("allow").begin_array();
        for (const std::string& one : notice->allow) json.value(one);
        json.end_array();
    }
    json.field("file", file).field("maintenance", notice.has_value());
    if (notice) {
        json.field("message", notice->message).field("retry_after_s", notice->retry_after.count()).field("since", notice->since);
    }
    json.end_object();
    invocation.print(text + "\n");
}

// What the options say over `notice`, which is the one that holds, or the usual one.
Notice with_options(const Invocation& invocation, Notice notice) {
    if (const auto message = invocation.find("--message")) notice.message = *message;
    if (const auto seconds = invocation.find("--retry-after")) {
        const auto number = app::base::parse_integer(*seconds);
        if (!number) throw UsageError("maintenance on: --retry-after is a number of seconds, not " + *seconds);
        notice.retry_after = std::chrono::seconds(*number);
    }
    if (invocation.has("--allow")) notice.allow = invocation.all("--allow");
    if (const auto fault = find_fault(notice)) throw UsageError("maintenance on: " + *fault);
    return notice;
}

// A file that cannot be understood is maintenance too, and is written anew.
std::optional<Notice> find_valid(const std::string& file) {
    try {
        return app::maintenance::find_notice(file);
    } catch (const Error& error) {
        if (error.code() != app::base::Code::invalid) throw;
        return std::nullopt;
    }
}

int on(Invocation& invocation) {
    const std::string file = notice_file_of(invocation);
    const auto before = find_valid(file);
    Notice notice = with_options(invocation, before.value_or(Notice{}));
    if (notice == before) {
        invocation.print("Maintenance is on already" + since(notice) + ".\n");
        return 0;
    }
    if (notice.since.empty()) notice.since = app::base::rfc3339(app::base::now());
    app::maintenance::write_notice(file, notice);
    invocation.print(
        (before ? "Maintenance goes on as told now" : "Maintenance is on: servers answer 503 within about a second") +
        ("; " + file + " says so.\n"));
    return 0;
}

int off(Invocation& invocation) {
    const bool was_on = app::maintenance::remove_notice(notice_file_of(invocation));
    invocation.print(was_on ? "Maintenance is over: servers answer again within about a second.\n"
                            : "Maintenance is off already.\n");
    return 0;
}

int show_maintenance(Invocation& invocation) {
    const std::string file = notice_file_of(invocation);
    const auto notice = app::maintenance::find_notice(file);
    if (invocation.has("--json")) {
        print_json(invocation, file, notice);
        return 0;
    }
    if (!notice) {
        invocation.print("Maintenance is off.\n");
        return 0;
    }
    std::string allowed;
    for (const std::string& one : notice->allow) allowed += (allowed.empty() ? "" : ", ") + one;
    invocation.print("Maintenance is on" + since(*notice) + ".\n  message      " + notice->message + "\n  retry after  " +
                     std::to_string(notice->retry_after.count()) + " s\n  allowed      " +
                     (allowed.empty() ? "nobody" : allowed) + "\n  file         " + file + "\n");
    return 0;
}

}  // namespace

std::vector<Command> maintenance() {
    using Kind = Option::Kind;
    return {
        {.name = "maintenance", .help = "Have every server of this folder answer with 503 for a while"},
        {.name = "maintenance on",
         .help = "Answer 503 from now on, but for health checks and allowed addresses",
         .example = "  manage maintenance on --message \"Back at noon.\" --retry-after 1800 --allow 192.0.2.7 10.0.0.0/8",
         .options = {{.name = "--message", .value_name = "TEXT", .help = "what everybody reads"},
                     {.name = "--retry-after", .value_name = "SECONDS", .help = "when clients may try again; else 300"},
                     {.name = "--allow",
                      .value_name = "ADDRESS",
                      .help = "addresses and networks that are served all the same",
                      .repeated = true}},
         .run = on},
        {.name = "maintenance off", .help = "Serve again", .example = "  manage maintenance off", .run = off},
        {.name = "maintenance status",
         .help = "Show whether it is on, since when, and what it says",
         .example = "  manage maintenance status --json",
         .options = {{.name = "--json", .kind = Kind::flag, .help = "as JSON"}},
         .run = show_maintenance},
    };
}

}  // namespace manage
