// The licences of what Dewar is made of, as SPDX expressions (spdx.org/licenses). They are those of the part that ends in the binary,
// or is loaded by it, as the packages' /usr/share/doc/PACKAGE/copyright have them; those of tests and packaging are not told.
#include <array>

#include "manage/components.hpp"

namespace manage {

namespace {

using enum Component::Kind;

constexpr auto table = std::to_array<Licence>({
    {"argon2", library, "CC0-1.0 OR Apache-2.0", "https://github.com/P-H-C/phc-winner-argon2"},
    {"backward-cpp", headers, "MIT", "https://github.com/bombela/backward-cpp"},
    {"brotli", library, "MIT", "https://github.com/google/brotli"},
    {"ca-certificates", tool, "MPL-2.0 AND GPL-2.0-or-later", "https://packages.debian.org/ca-certificates"},
    {"ccache", tool, "GPL-3.0-or-later", "https://ccache.dev"},
    {"cli11", headers, "BSD-3-Clause", "https://github.com/CLIUtils/CLI11"},
    {"cmake", tool, "BSD-3-Clause", "https://cmake.org"},
    {"cmark-gfm", library, "BSD-2-Clause AND MIT", "https://github.com/github/cmark-gfm"},
    {"cpp-httplib", library, "MIT", "https://github.com/yhirose/cpp-httplib"},
    {"curl", library, "curl", "https://curl.se"},
    {"elfutils", library, "LGPL-3.0-or-later OR GPL-2.0-or-later", "https://sourceware.org/elfutils"},
    {"fmtlib", library, "MIT", "https://fmt.dev"},
    {"gcc", compiler, "GPL-3.0-or-later WITH GCC-exception-3.1", "https://gcc.gnu.org"},
    {"gumbo-parser", library, "Apache-2.0", "https://github.com/google/gumbo-parser"},
    {"libedit", library, "BSD-3-Clause", "https://www.thrysoee.dk/editline"},
    {"libidn2", library, "LGPL-3.0-or-later OR GPL-2.0-or-later", "https://www.gnu.org/software/libidn"},
    {"libkainjow-mustache", headers, "BSL-1.0", "https://github.com/kainjow/Mustache"},
    {"lua5.4", library, "MIT", "https://www.lua.org"},
    {"mariadb", library, "LGPL-2.0-or-later AND BSD-2-Clause", "https://github.com/mariadb-corporation/mariadb-connector-c"},
    {"ninja-build", tool, "Apache-2.0", "https://ninja-build.org"},
    {"nlohmann-json3", headers, "MIT", "https://github.com/nlohmann/json"},
    {"openssl", library, "Apache-2.0", "https://www.openssl.org"},
    {"pkgconf", tool, "ISC", "http://pkgconf.org"},
    {"pugixml", library, "MIT", "https://pugixml.org"},
    {"spdlog", library, "MIT", "https://github.com/gabime/spdlog"},
    {"sqlite3", library, "blessing", "https://www.sqlite.org"},
    {"sqlitecpp", library, "MIT", "https://github.com/SRombauts/SQLiteCpp"},
    {"tomlplusplus", headers, "MIT", "https://marzer.github.io/tomlplusplus"},
    {"zlib", library, "Zlib", "https://zlib.net"},
});

}  // namespace

std::span<const Licence> licences() { return table; }

}  // namespace manage
