// The config files: which names there are, and what one of them says together with those that it inherits. A file in the folder
// of the operator comes before the embedded one of the same name, so that a new config needs no rebuild.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/toml.hpp"

namespace config {

class Files {
   public:
    // `folder` may be empty: embedded files only. Throws app::base::Error(invalid) if it is not a folder that can be read.
    explicit Files(std::string folder);

    // Every config name, sorted.
    const std::vector<std::string>& names() const noexcept { return names_; }

    struct File {
        std::string path;  // "config/production.toml" if embedded
        std::vector<TomlEntry> entries;
    };

    // The file of the config `name` after all it inherits: the last word on a key is the right one. Throws
    // app::base::Error(invalid), beginning with `origin` (where the name was given), if there is no such config; with file and line
    // for TOML that is none, and for inheritance that is unknown or goes round.
    std::vector<File> read(std::string_view name, std::string_view origin) const;

   private:
    File open(const std::string& name) const;

    std::string folder_;
    std::vector<std::string> names_;
};

// The bytes of a file of at most 1 MiB. Throws app::base::Error(invalid) "ORIGIN: cannot read WHAT, PATH: the system's reason".
std::string read_file(const std::string& path, std::string_view what, std::string_view origin);

}  // namespace config
