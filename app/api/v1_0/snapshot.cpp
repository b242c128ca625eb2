#include "app/api/v1_0/snapshot.hpp"

#include <span>

#include "app/base/embedded.hpp"

namespace app::api::v1_0 {

namespace embedded {
std::span<const base::EmbeddedFile> files();  // made by embed_files() in CMakeLists.txt
}

std::string_view snapshot() { return embedded::files().front().content; }

}  // namespace app::api::v1_0
