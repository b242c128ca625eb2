#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <set>

#include "app/base/error.hpp"
#include "app/db/url.hpp"
#include "manage/findings.hpp"

namespace manage {

namespace {

namespace fs = std::filesystem;

constexpr mode_t group_and_others = 077;
constexpr mode_t others = 007;

// The file of the config's SQLite database; nothing for a temporary one or another backend.
std::optional<fs::path> find_database_file(const config::Config& config) try {
    const app::db::Url url = app::db::parse_url(config.database.url);
    if (url.backend != app::db::Backend::sqlite || url.temporary) return std::nullopt;
    return fs::absolute(url.path).lexically_normal();
} catch (const app::base::Error&) {
    return std::nullopt;  // check_database tells
}

// The nearest folder of `path` that is there.
fs::path existing_folder(fs::path path) {
    std::error_code error;
    do path = path.parent_path();
    while (!fs::is_directory(path, error) && path.has_relative_path());
    return path;
}

void require_private(const fs::path& path, mode_t forbidden, const std::string& right_mode, Findings& findings) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0 || (status.st_mode & forbidden) == 0) return;
    const mode_t mode = status.st_mode & 0777;
    const std::string octal{static_cast<char>('0' + (mode >> 6)), static_cast<char>('0' + (mode >> 3 & 7)),
                            static_cast<char>('0' + (mode & 7))};
    findings.push_back({Level::warning, path.string(), "has mode " + octal + ": other accounts of this machine may use it",
                        "chmod " + right_mode + " " + path.string()});
}

void check_log_file(const fs::path& path, Findings& findings) {
    const auto refuse = [&](const std::string& what, const fs::path& folder) {
        findings.push_back(
            {Level::error, path.string(), what + ": " + std::strerror(errno), "install -d -o \"$(id -un)\" " + folder.string()});
    };
    const fs::path folder = path.parent_path();
    if (::access(path.c_str(), F_OK) != 0) {
        if (::access(folder.c_str(), W_OK | X_OK) != 0) refuse("the log file cannot be made", folder);
    } else if (::access(path.c_str(), W_OK) != 0) {
        refuse("the log file cannot be written", folder);
    }
}

void check_room(const fs::path& folder, Findings& findings) {
    struct statvfs disk{};
    if (::statvfs(folder.c_str(), &disk) != 0 || disk.f_blocks == 0) return;
    constexpr double gibibyte = 1024.0 * 1024 * 1024;
    const double free_gib = static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize) / gibibyte;
    const double free_share = static_cast<double>(disk.f_bavail) / static_cast<double>(disk.f_blocks);
    if (free_gib >= 1 && free_share >= 0.05) return;
    const std::string left = std::to_string(static_cast<int>(free_gib * 1024)) + " MiB (" +
                             std::to_string(static_cast<int>(free_share * 100)) + " %) are left";
    findings.push_back({Level::warning, folder.string(), "its disk is nearly full: " + left, "df -h " + folder.string()});
}

}  // namespace

Findings check_files(const config::Config& config) {
    Findings findings;
    std::set<fs::path> folders;
    if (const auto database = find_database_file(config)) {
        for (const char* suffix : {"", "-wal", "-shm"}) {
            require_private(database->string() + suffix, group_and_others, "600", findings);
        }
        folders.insert(existing_folder(*database));
    }
    require_private(".env", others, "600", findings);
    if (!config.server.tls_key.empty()) require_private(config.server.tls_key, others, "600", findings);
    if (!config.log.file.empty()) {
        const fs::path log = fs::absolute(config.log.file).lexically_normal();
        check_log_file(log, findings);
        require_private(log, others, "640", findings);
        folders.insert(existing_folder(log));
    }
    for (const fs::path& folder : folders) check_room(folder, findings);
    return findings;
}

}  // namespace manage
