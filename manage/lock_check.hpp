// Whether this binary is made of what a lock file says: see `manage freeze-deps --check`.
#pragma once

#include <string>
#include <vector>

#include "manage/components.hpp"

namespace manage {

struct Difference {
    std::string name;
    std::string locked;  // the line of the lock; empty: it has none
    std::string found;   // what it should be; empty: this binary knows of no such component
};

struct LockCheck {
    std::size_t compared = 0;             // components of this binary
    std::vector<Difference> differences;  // by name
    std::vector<std::string> drift;       // packages that have another revision: "libssl-dev 3.0.22-1 -> 3.0.22-2"
    std::vector<std::string> tools;       // that are not the locked ones: "cmake 3.25.1 -> 3.26.0"
    std::vector<std::string>
        unproven;  // strict: packages whose hash one of the two sides does not tell, or for another architecture
};

// Upstream's versions, of the build and of what is running, have to be the same; `strict`: the packages' versions and hashes too. The
// lock's lines for tools and for tests are no differences, whatever they say.
LockCheck check_lock(const LockSection& locked, const Composition& found, bool strict);

}  // namespace manage
