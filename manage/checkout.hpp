// Where Dewar's sources are, for the commands of developers: the program itself knows no folder of the machine that built it.
#pragma once

#include <filesystem>
#include <optional>

namespace manage {

// The root of the checkout that `folder` is in or is: the nearest folder upwards whose CMakeLists.txt is Dewar's. Nothing if there is
// none, or nobody may look.
std::optional<std::filesystem::path> find_checkout(const std::filesystem::path& folder);

// The folder of the running program; empty if the system does not tell.
std::filesystem::path program_folder();

}  // namespace manage
