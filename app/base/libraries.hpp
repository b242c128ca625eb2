// The versions of the libraries that this room is the home of, of those that tell: OpenSSL.
#pragma once

#include "app/base/library.hpp"

namespace app::base {

std::vector<Library> libraries();

}  // namespace app::base
