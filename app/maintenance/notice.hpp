// Maintenance as an operator announces it: a small JSON file. That the file is there is the switch; what is in it says only how. So it
// works while the database is down, outlives a restart, and may lie in a folder that several machines share.
//
//     {"allow":["192.0.2.0/24"],"message":"Back at noon.","retry_after_s":600,"since":"2026-11-22T08:59:06.123Z"}
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace app::maintenance {

struct Notice {
    static constexpr std::chrono::seconds retry_after_max{7 * 24 * 3600};
    static constexpr std::size_t message_bytes_max = 1000;

    std::string message = "This site is being worked on; please come back in a while.";  // what everybody reads
    std::chrono::seconds retry_after{300};
    std::vector<std::string> allow = {};  // addresses and networks that are served all the same
    std::string since = {};               // RFC 3339; "": not told

    // Whether the client with this address is among the allowed ones. No allocation.
    bool allows(std::string_view address) const noexcept;

    bool operator==(const Notice&) const = default;
};

// What is wrong with a notice, in a few words; nothing if it is fit for use.
std::optional<std::string> find_fault(const Notice& notice);

// What the file at `path` says; nothing when there is none. Throws invalid for one that is no notice, unavailable for one that cannot be
// read; both name the file.
std::optional<Notice> find_notice(const std::string& path);

// Puts the file there, whole at every moment, for every account to read, and makes its folder if need be. Throws unavailable.
void write_notice(const std::string& path, const Notice& notice);

// Whether there was one to remove. Throws unavailable if it cannot be removed.
bool remove_notice(const std::string& path);

}  // namespace app::maintenance
