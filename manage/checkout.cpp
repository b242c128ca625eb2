#include "manage/checkout.hpp"

#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace manage {

namespace fs = std::filesystem;

namespace {

// Ours, not another project's.
bool is_checkout(const fs::path& folder) {
    std::ifstream file(folder / "CMakeLists.txt", std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return text.find("project(dewar ") != std::string::npos;
}

}  // namespace

std::optional<fs::path> find_checkout(const fs::path& folder) {
    for (fs::path candidate = folder; !candidate.empty(); candidate = candidate.parent_path()) {
        if (is_checkout(candidate)) return candidate;
        if (candidate == candidate.parent_path()) break;
    }
    return std::nullopt;
}

fs::path program_folder() {
    std::error_code error;
    return fs::read_symlink("/proc/self/exe", error).parent_path();
}

}  // namespace manage
