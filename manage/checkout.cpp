#include "manage/checkout.hpp"

#include <string>
#include <system_error>

#include "app/base/file.hpp"

namespace manage {

namespace fs = std::filesystem;

namespace {

// Ours, not another project's.
bool is_checkout(const fs::path& folder) {
    const auto text = app::base::find_file(folder / "CMakeLists.txt");
    return text && text->find("project(dewar ") != std::string::npos;
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
