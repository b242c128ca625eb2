// A whole file as text.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace app::base {

// The file's bytes; nothing if there is none, or it cannot be read. For files of ours and of people's at a terminal, whose length nobody
// else chooses: it is not bounded.
std::optional<std::string> find_file(const std::filesystem::path& path);

}  // namespace app::base
