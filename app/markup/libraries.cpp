#include "app/markup/libraries.hpp"

#include <cmark-gfm.h>
#include <cmark-gfm_version.h>

namespace app::markup {

std::vector<base::Library> libraries() { return {{"cmark-gfm", CMARK_GFM_VERSION_STRING, cmark_version_string()}}; }

}  // namespace app::markup
