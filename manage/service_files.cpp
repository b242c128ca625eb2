#include "manage/service_files.hpp"

#include <algorithm>
#include <vector>

#include "app/base/error.hpp"
#include "app/base/secret.hpp"
#include "manage/growth.hpp"

namespace manage {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view checksum_mark = "# sha256 of what follows: ";
constexpr int spare_descriptors = 4096;  // beside connections: the database, the log, files that are sent

// A blank separates, % and $ are replaced, quotes quote: what is left needs no rules.
std::string plain(const std::string& text, std::string_view what) {
    constexpr std::string_view others = "/._+@:~-";
    const auto is_plain = [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || others.find(c) != others.npos;
    };
    if (!text.empty() && std::ranges::all_of(text, is_plain)) return text;
    throw app::base::Error(app::base::Code::invalid, "a systemd unit cannot name " + std::string(what) + " \"" + text +
                                                         "\": move it to where the path has only letters, digits and /._+@:~-");
}

bool is_below(const fs::path& path, const fs::path& folder) { return std::ranges::mismatch(folder, path).in1 == folder.end(); }

// Nothing of a person's is seen by the service, unless it is there itself.
bool is_at_home(const fs::path& path) {
    return is_below(path, "/home") || is_below(path, "/root") || is_below(path, "/run/user");
}

// For a template, to which an empty text is something.
app::web::Value or_nothing(std::string text) { return text.empty() ? app::web::Value(false) : app::web::Value(std::move(text)); }

// systemd makes the folders right below /var/lib itself, for the user.
std::string state_folder(const fs::path& folder) {
    return folder.parent_path() == "/var/lib" ? folder.filename().string() : std::string();
}

fs::path log_file(const Service& service) {
    if (service.config.log.file.empty()) return {};
    return (service.folder / service.config.log.file).lexically_normal();
}

// The log's folder, if the service may not write there anyway.
std::string log_folder(const Service& service) {
    const fs::path file = log_file(service);
    if (file.empty() || is_below(file, service.folder) || is_below(file, "/var/log/dewar")) return {};
    return plain(file.parent_path().string(), "the folder of the log");
}

std::string with_head(const std::string& text) {
    return "# Written by `manage install-service`, which writes it anew. Changes of your own belong elsewhere: of the unit into\n"
           "# `systemctl edit dewar`, of anything into a copy under another name.\n" +
           std::string(checksum_mark) + app::base::sha256_hex(text) + "\n" + text;
}

}  // namespace

std::string systemd_unit(const Service& service) {
    const config::Server& server = service.config.server;
    const int grace_s = (server.drain_delay_ms + server.grace_ms + 999) / 1000;
    const bool at_home = is_at_home(service.folder) || is_at_home(service.program) || is_at_home(log_file(service));
    return with_head(fill_template("dewar.service", {{"program", plain(service.program.string(), "the program")},
                                                     {"folder", plain(service.folder.string(), "the folder")},
                                                     {"user", plain(service.user, "the user")},
                                                     {"config", plain(service.config.name, "the config")},
                                                     {"grace_s", std::to_string(grace_s)},
                                                     {"stop_timeout_s", std::to_string(grace_s + 15)},
                                                     {"descriptors", std::to_string(server.connections_max + spare_descriptors)},
                                                     {"state_folder", or_nothing(state_folder(service.folder))},
                                                     {"log_folder", or_nothing(log_folder(service))},
                                                     {"protect_home", at_home ? "read-only" : "yes"},
                                                     {"low_port", server.port > 0 && server.port < 1024},
                                                     {"port", std::to_string(server.port)}}));
}

std::string logrotate_rules(const Service& service) {
    const fs::path file = log_file(service);
    const std::string log = file.empty() ? "/var/log/dewar/*.log" : plain(file.string(), "the log");
    return with_head(
        fill_template("dewar.logrotate",
                      {{"log", log}, {"user", plain(service.user, "the user")}, {"group", plain(service.group, "the group")}}));
}

bool is_untouched(std::string_view text) {
    const std::size_t mark = text.find(checksum_mark);
    if (mark == std::string_view::npos) return false;
    const std::size_t begin = mark + checksum_mark.size();
    const std::size_t end = text.find('\n', begin);
    return end != std::string_view::npos && text.substr(begin, end - begin) == app::base::sha256_hex(text.substr(end + 1));
}

}  // namespace manage
