#include "app/base/file.hpp"

#include <array>
#include <cstdio>
#include <memory>

namespace app::base {

std::optional<std::string> find_file(const std::filesystem::path& path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
    if (!file) return std::nullopt;
    std::string text;
    std::array<char, 4096> piece;
    while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), file.get())) text.append(piece.data(), size);
    if (std::ferror(file.get()) != 0) return std::nullopt;  // a folder, for one
    return text;
}

}  // namespace app::base
