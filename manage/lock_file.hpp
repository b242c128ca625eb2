// requirements.lock: what Dewar is built with, one section for each distribution, as scripts/lock writes it:
//
//     [debian-12]
//     openssl==3.0.22  # libssl-dev 3.0.22-1~deb12u2 amd64 sha256:c5f9...
//
// What follows the # may be left out from any of its words on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace manage {

struct Requirement {
    std::string name;                  // of the Debian source package, which is mostly upstream's: "openssl"
    std::string version;               // upstream's: "3.0.22"
    std::string package = {};          // "libssl-dev"
    std::string package_version = {};  // "3.0.22-1~deb12u2"
    std::string architecture = {};     // "amd64"; "all": the same everywhere
    std::string sha256 = {};           // of the package's archive, 64 hexadecimal digits

    bool operator==(const Requirement&) const = default;
};

struct LockSection {
    std::string distribution;  // "debian-12"
    std::vector<Requirement> requirements;
};

// Throws invalid, beginning with `path` and the line, for anything but a lock file: nothing in it, bytes that are no text, a line that
// is none, a section or, in a section, a name that comes twice.
std::vector<LockSection> parse_lock(std::string_view text, const std::string& path);

// "openssl==3.0.22".
std::string short_line(const Requirement& requirement);

// With all that is known of the package behind it.
std::string long_line(const Requirement& requirement);

}  // namespace manage
