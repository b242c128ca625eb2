// Files that are compiled into the binary: config files, migrations, templates, static files. embed_files() in scripts/rooms.cmake
// makes a function `files()` per room that returns them; the bytes live as long as the program.
#pragma once

#include <span>
#include <string_view>

namespace app::base {

struct EmbeddedFile {
    std::string_view name;  // "development.toml", or of static files also "icons/small.svg"
    std::string_view content;
};

}  // namespace app::base
