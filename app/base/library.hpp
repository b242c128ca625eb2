// What a library that this program uses says about itself, for `manage freeze-deps`: each room that is the home of one tells of it in
// its libraries.hpp.
#pragma once

#include <string>
#include <vector>

namespace app::base {

struct Library {
    std::string name;     // as requirements.lock has it: "openssl"
    std::string built;    // the version of the header that this was compiled with; empty: the header does not tell
    std::string running;  // that of the library that is loaded now, counted in the same way
};

}  // namespace app::base
