// The versions of the libraries that this room is the home of, of those that tell: libcurl and libidn2.
#pragma once

#include "app/base/library.hpp"

namespace app::mail {

std::vector<base::Library> libraries();

}  // namespace app::mail
