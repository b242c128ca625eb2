#include "app/base/host_name.hpp"

#include <unistd.h>

#include <array>

namespace app::base {

std::string host_name() {
    std::array<char, 65> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) return "?";
    return name.data();
}

}  // namespace app::base
