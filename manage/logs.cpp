// `manage logs`: what the server has logged, and what it is logging.
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <deque>
#include <memory>
#include <ranges>
#include <system_error>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "manage/commands.hpp"
#include "manage/log_files.hpp"
#include "manage/log_lines.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace {

using app::base::Code;
using app::base::Error;
using Files = std::vector<std::filesystem::path>;

constexpr std::size_t lines_when_following = 10;
constexpr std::size_t buffer_bytes = 64 * 1024;
constexpr int look_again_ms = 200;

struct ReaderGone {};  // nobody reads what is printed: as good as done

class Printer {
   public:
    void print(std::string_view line, const LogLine& parsed) {
        if (!is_terminal_) {
            buffer_.append(line).append("\n");
        } else {
            const std::string text = harmless(line);  // the log is so; lines that others wrote into its file need not be
            const bool is_grave = parsed.kind == LogLine::Kind::entry && parsed.level >= LogLevel::warning;
            const Colour colour = parsed.level == LogLevel::error ? Colour::red : Colour::yellow;
            buffer_.append(is_grave ? coloured(STDOUT_FILENO, text, colour) : text).append("\n");
        }
        if (buffer_.size() >= buffer_bytes) flush();
    }

    void print(std::string_view line) { print(line, is_terminal_ ? parse_log_line(line) : LogLine{}); }

    void flush() {
        std::string_view rest = buffer_;
        while (!rest.empty()) {
            const ssize_t count = ::write(STDOUT_FILENO, rest.data(), rest.size());
            if (count >= 0) {
                rest.remove_prefix(static_cast<std::size_t>(count));
            } else if (errno == EPIPE) {
                throw ReaderGone{};
            } else if (errno != EINTR) {
                throw Error(Code::unavailable, "cannot write to standard output: " + app::base::system_message(errno));
            }
        }
        buffer_.clear();
    }

   private:
    const bool is_terminal_ = ::isatty(STDOUT_FILENO) == 1;
    std::string buffer_;
};

// The last entries that are wanted, each with its continuations.
class Tail {
   public:
    explicit Tail(std::size_t entries_max) : entries_max_(entries_max) {}

    void add(std::string_view line, bool begins_entry) {
        if (begins_entry || entries_.empty()) entries_.emplace_back();
        entries_.back().emplace_back(line);
        if (entries_.size() > entries_max_) entries_.pop_front();
    }
    std::size_t size() const { return entries_.size(); }
    void print(Printer& printer) const {
        for (const auto& entry : entries_) {
            for (const std::string& line : entry) printer.print(line);
        }
    }

   private:
    std::size_t entries_max_;
    std::deque<std::vector<std::string>> entries_;
};

std::filesystem::path log_file_of(Invocation& invocation) {
    if (const auto given = invocation.find("FILE")) return *given;
    const config::Config& config = invocation.config();
    std::error_code error;
    const std::filesystem::path file = log_of_daemon(config);
    if (!config.log.file.empty() || std::filesystem::exists(file, error)) return file;
    throw Error(
        Code::invalid,
        "no log file is set, so the server logs to its standard error: set APP_LOG__FILE, or name a file, or where systemd "
        "runs the server, type: journalctl -u dewar");
}

std::optional<std::size_t> entries_max_of(const Invocation& invocation) {
    const auto given = invocation.find("--lines");
    if (!given) return invocation.has("--follow") ? std::optional(lines_when_following) : std::nullopt;
    const auto number = app::base::parse_integer(*given);
    if (!number || *number < 0) throw UsageError("logs: --lines is a number of entries, not " + *given);
    return static_cast<std::size_t>(*number);
}

LogFilter::Wanted wanted_of(const Invocation& invocation) {
    LogFilter::Wanted wanted{.request_id = invocation.find("--request").value_or("")};
    if (const auto level = invocation.find("--level")) wanted.level = find_log_level(*level).value();
    if (const auto since = invocation.find("--since")) {
        const auto time = parse_since(*since, app::base::now());
        if (!time) {
            throw UsageError("logs: --since is a time like 2026-11-22, 2026-11-22T08:59 or 10m, 2h, 3d ago, not " + *since);
        }
        wanted.since = *time;
    }
    return wanted;
}

// Whether the file begins before that time, so that no older one has what is wanted.
bool begins_before(const std::filesystem::path& file, const std::string& time) {
    bool is_before = false;
    read_log(file, [&](std::string_view line) {
        const LogLine parsed = parse_log_line(line);
        if (parsed.kind != LogLine::Kind::entry) return true;
        is_before = parsed.time < time;
        return false;
    });
    return is_before;
}

// The files that may hold what is wanted, the newest first.
Files files_to_read(const std::filesystem::path& file, const LogFilter::Wanted& wanted, bool is_limited) {
    Files files = find_log_files(file);
    const bool looks_back = is_limited || !wanted.since.empty() || !wanted.request_id.empty();
    if (!looks_back && files.size() > 1) files.resize(1);
    if (wanted.since.empty()) return files;
    const auto last = std::ranges::find_if(files, [&](const auto& one) { return begins_before(one, wanted.since); });
    if (last != files.end()) files.erase(last + 1, files.end());
    return files;
}

class Reader {
   public:
    Reader(std::filesystem::path file, LogFilter::Wanted wanted, std::optional<std::size_t> entries_max, bool follows)
        : file_(std::move(file)), wanted_(std::move(wanted)), entries_max_(entries_max) {
        if (follows) growing_ = std::make_unique<GrowingLog>(file_, true);
    }

    void print_past() {
        const Files files = files_to_read(file_, wanted_, entries_max_.has_value());
        if (files.empty() && !growing_) {
            throw Error(Code::unavailable, "there is no log file " + file_.string() + ": has the server run with it yet?");
        }
        if (entries_max_) {
            print_last(files);
        } else {
            for (const auto& file : files | std::views::reverse) {
                each_wanted(file, filter_, [&](std::string_view line, const LogLine& parsed) { printer_.print(line, parsed); });
            }
        }
        printer_.flush();
    }

    void follow() {
        for (;;) {
            growing_->read([&](std::string_view line) {
                const LogLine parsed = parse_log_line(line);
                if (filter_.wants(parsed)) printer_.print(line, parsed);
            });
            printer_.flush();
            pollfd output{.fd = STDOUT_FILENO, .events = 0, .revents = 0};
            if (::poll(&output, 1, look_again_ms) > 0) return;  // its reader has gone
        }
    }

   private:
    // From the newest file back, as far as it takes.
    void print_last(const Files& files) {
        std::deque<Tail> tails;
        std::size_t count = 0;
        for (const auto& file : files) {
            if (count >= *entries_max_) break;
            LogFilter filter(wanted_);
            Tail& tail = tails.emplace_front(*entries_max_ - count);
            each_wanted(file, filter, [&](std::string_view line, const LogLine& parsed) {
                tail.add(line, parsed.kind != LogLine::Kind::continuation);
            });
            count += tail.size();
        }
        for (const Tail& tail : tails) tail.print(printer_);
    }

    template <class Use>
    void each_wanted(const std::filesystem::path& file, LogFilter& filter, Use use) {
        const auto look = [&](std::string_view line) {
            const LogLine parsed = parse_log_line(line);
            if (filter.wants(parsed)) use(line, parsed);
        };
        if (growing_ && file == file_) return growing_->read(look);
        read_log(file, [&](std::string_view line) {
            look(line);
            return true;
        });
    }

    const std::filesystem::path file_;
    const LogFilter::Wanted wanted_;
    const std::optional<std::size_t> entries_max_;
    LogFilter filter_{wanted_};
    Printer printer_;
    std::unique_ptr<GrowingLog> growing_;
};

int run_logs(Invocation& invocation) {
    const bool follows = invocation.has("--follow");
    Reader reader(log_file_of(invocation), wanted_of(invocation), entries_max_of(invocation), follows);
    try {
        reader.print_past();
        if (follows) reader.follow();
    } catch (const ReaderGone&) {  // `| head` has what it wanted
    }
    return 0;
}

}  // namespace

Command logs() {
    using Kind = Option::Kind;
    return {
        .name = "logs",
        .help = "Show the server's log file, and what is being added to it",
        .example = "  manage logs --follow --level warning\n"
                   "  manage logs --request 7f3a-1204\n"
                   "  manage logs --since 2h --lines 100 /var/log/dewar/dewar.log",
        .options = {{.name = "FILE",
                     .kind = Kind::positional,
                     .help = "the log file; else that of the config, log.file, or of runserver --daemon"},
                    {.name = "--follow", .kind = Kind::flag, .help = "go on with what is added, also when the file is rotated"},
                    {.name = "--level",
                     .value_name = "LEVEL",
                     .help = "only that level and graver ones",
                     .choices = {"debug", "info", "warning", "error"}},
                    {.name = "--request",
                     .value_name = "ID",
                     .help = "only that request, as X-Request-Id and error pages name it; in rotated files too"},
                    {.name = "--since",
                     .value_name = "TIME",
                     .help = "only from then on: 10m, 2h or 3d ago, 2026-11-22T08:59 (UTC); in rotated files too"},
                    {.name = "--lines",
                     .value_name = "NUMBER",
                     .help = "only the last so many entries, in rotated files too; with --follow 10 unless told otherwise"}},
        .run = run_logs};
}

}  // namespace manage
