#include "app/metrics/process.hpp"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <vector>

namespace app::metrics {
namespace {

// What is used of /proc/self/stat (proc(5), whose numbers of fields these are).
struct Stat {
    double cpu_seconds = 0;            // 14 and 15
    std::uint64_t threads = 0;         // 20
    double start_seconds = 0;          // 22, since boot
    std::uint64_t virtual_bytes = 0;   // 23
    std::uint64_t resident_bytes = 0;  // 24
};

std::optional<Stat> read_stat() {
    std::ifstream file("/proc/self/stat");
    std::string line;
    if (!std::getline(file, line)) return std::nullopt;
    const auto name_end = line.rfind(')');  // the program's name may hold blanks and parentheses
    if (name_end == std::string::npos) return std::nullopt;
    std::istringstream rest(line.substr(name_end + 1));
    std::vector<std::string> fields(3);  // so that fields[3] is field 3
    for (std::string field; rest >> field;) fields.push_back(std::move(field));
    if (fields.size() <= 24) return std::nullopt;
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    const auto number = [&](std::size_t field) { return std::stoull(fields[field]); };
    return Stat{.cpu_seconds = static_cast<double>(number(14) + number(15)) / ticks,
                .threads = number(20),
                .start_seconds = static_cast<double>(number(22)) / ticks,
                .virtual_bytes = number(23),
                .resident_bytes = number(24) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))};
}

// Seconds since the epoch.
std::optional<double> read_boot_time() {
    std::ifstream file("/proc/stat");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("btime ")) return std::stod(line.substr(6));
    }
    return std::nullopt;
}

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

std::optional<std::uint64_t> count_descriptors() {
    const std::unique_ptr<DIR, CloseFolder> folder(::opendir("/proc/self/fd"));
    if (!folder) return std::nullopt;
    std::uint64_t count = 0;
    while (const dirent* entry = ::readdir(folder.get())) count += entry->d_name[0] == '.' ? 0 : 1;
    return count - 1;  // without the one that it is read by
}

}  // namespace

void write_process(Exposition& out) {
    if (const auto stat = read_stat()) {
        out.family("process_cpu_seconds_total", Type::counter, "Processor time spent, user and system.")
            .sample(stat->cpu_seconds);
        out.family("process_resident_memory_bytes", Type::gauge, "Memory that is in use.").sample(stat->resident_bytes);
        out.family("process_virtual_memory_bytes", Type::gauge, "Memory that is mapped.").sample(stat->virtual_bytes);
        out.family("process_threads", Type::gauge, "Threads.").sample(stat->threads);
        if (const auto boot = read_boot_time()) {
            out.family("process_start_time_seconds", Type::gauge, "When the process began, since 1970.")
                .sample(*boot + stat->start_seconds);
        }
    }
    if (const auto count = count_descriptors()) {
        out.family("process_open_fds", Type::gauge, "Descriptors that are open.").sample(*count);
    }
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        out.family("process_max_fds", Type::gauge, "Descriptors that may be open.").sample(std::uint64_t{limit.rlim_cur});
    }
}

}  // namespace app::metrics
