// The versions of the libraries that this room is the home of, of those that tell: cmark-gfm.
#pragma once

#include "app/base/library.hpp"

namespace app::markup {

std::vector<base::Library> libraries();

}  // namespace app::markup
