// The versions of the libraries that this room is the home of, of those that tell: brotli and zlib.
#pragma once

#include "app/base/library.hpp"

namespace app::web {

std::vector<base::Library> libraries();

}  // namespace app::web
