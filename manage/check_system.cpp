#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/timex.h>

#include <ctime>

#include "manage/findings.hpp"

namespace manage {

namespace {

constexpr rlim_t other_files = 100;  // beside connections: databases, the log, the event loops

// runserver raises its soft limit as far as the hard one allows.
void check_descriptors(const config::Server& server, Findings& findings) {
    rlimit limit{};
    const auto needed = static_cast<rlim_t>(server.connections_max) + static_cast<rlim_t>(server.workers) + other_files;
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max == RLIM_INFINITY || limit.rlim_max >= needed) return;
    findings.push_back({Level::warning, "server.connections_max",
                        std::to_string(server.connections_max) + " connections need " + std::to_string(needed) +
                            " open files, and the system allows " + std::to_string(limit.rlim_max),
                        "set LimitNOFILE=" + std::to_string(needed) + " in the service, or a lower APP_SERVER__CONNECTIONS_MAX"});
}

void check_clock(Findings& findings) {
    struct stat program{};
    constexpr time_t tolerance_s = 60;
    if (::stat("/proc/self/exe", &program) == 0 && std::time(nullptr) + tolerance_s < program.st_mtime) {
        findings.push_back({Level::warning, "clock", "the system's clock is behind the time at which this program was made",
                            "timedatectl set-ntp true"});
    }
    timex state{};
    if (::adjtimex(&state) >= 0 && (state.status & STA_UNSYNC) != 0) {
        findings.push_back(
            {Level::info, "clock", "nothing keeps the system's clock in step: tokens expire by it", "timedatectl set-ntp true"});
    }
}

}  // namespace

Findings check_system(const config::Config& config) {
    Findings findings;
    check_descriptors(config.server, findings);
    check_clock(findings);
    return findings;
}

}  // namespace manage
