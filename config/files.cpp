#include "config/files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <system_error>

#include "app/base/embedded.hpp"
#include "app/base/error.hpp"
#include "app/base/nearest.hpp"
#include "app/base/text.hpp"
#include "config/refuse.hpp"

namespace config::embedded {

std::span<const app::base::EmbeddedFile> files();  // generated: see embed_files() in scripts/rooms.cmake

}  // namespace config::embedded

namespace config {

namespace {

constexpr std::string_view extension = ".toml";
constexpr std::string_view inherits = "inherits";

std::string stem(std::string_view file_name) { return std::string(file_name.substr(0, file_name.size() - extension.size())); }

std::string unknown_name(std::string_view name, const std::vector<std::string>& names) {
    const std::vector<std::string_view> views(names.begin(), names.end());
    const std::string_view near = app::base::nearest(name, views);
    std::string text = "there is no config \"" + std::string(name) + "\"";
    if (near.empty())
        text += "; there are: ";
    else
        text.append("; did you mean ").append(near).append("? There are: ");
    for (const std::string& one : names) text.append(one).append(&one == &names.back() ? "" : ", ");
    return text;
}

bool is_known(std::string_view name, const std::vector<std::string>& names) {
    return std::ranges::find(names, name) != names.end();
}

std::string line_of(const Files::File& file, const TomlEntry& entry) { return file.path + ":" + std::to_string(entry.line); }

// Takes `inherits` out of the entries: it is about files, not a setting.
std::optional<TomlEntry> take_inherits(Files::File& file) {
    const auto found = std::ranges::find(file.entries, inherits, &TomlEntry::key);
    if (found == file.entries.end()) return std::nullopt;
    TomlEntry entry = std::move(*found);
    file.entries.erase(found);
    return entry;
}

std::string parent_of(const Files::File& file, const TomlEntry& entry) {
    const Value* value = std::get_if<Value>(&entry.value);
    const std::string* text = value == nullptr ? nullptr : std::get_if<std::string>(value);
    if (text == nullptr) refuse(line_of(file, entry), "inherits must be the name of a config, in double quotes");
    return *text;
}

}  // namespace

Files::Files(std::string folder) : folder_(std::move(folder)) {
    for (const app::base::EmbeddedFile& file : embedded::files()) names_.push_back(stem(file.name));
    if (!folder_.empty()) {
        std::error_code error;
        std::filesystem::directory_iterator files(folder_, error);
        if (error) refuse("config folder " + folder_, error.message());
        for (const std::filesystem::directory_entry& file : files) {
            const std::string name = file.path().filename().string();
            if (name.size() > extension.size() && name.ends_with(extension)) names_.push_back(stem(name));
        }
    }
    std::ranges::sort(names_);
    names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
}

std::vector<Files::File> Files::read(std::string_view name, std::string_view origin) const {
    if (!is_known(name, names_)) refuse(origin, unknown_name(name, names_));
    std::vector<File> chain;
    std::vector<std::string> seen{std::string(name)};
    while (true) {
        File file = open(seen.back());
        const std::optional<TomlEntry> entry = take_inherits(file);
        chain.push_back(std::move(file));
        if (!entry) break;

        const std::string parent = parent_of(chain.back(), *entry);
        const std::string where = line_of(chain.back(), *entry);
        if (!is_known(parent, names_)) refuse(where, unknown_name(parent, names_));
        const bool round = is_known(parent, seen);
        seen.push_back(parent);
        if (round) refuse(where, "inheritance goes round: " + app::base::join(seen, " -> "));
    }
    std::ranges::reverse(chain);
    return chain;
}

Files::File Files::open(const std::string& name) const {
    const std::string file_name = name + std::string(extension);
    if (!folder_.empty()) {
        const std::filesystem::path path = std::filesystem::path(folder_) / file_name;
        std::error_code error;
        if (std::filesystem::exists(path, error) || error) {
            return {path.string(), parse_toml(read_file(path.string(), "the config file", "config " + name), path.string())};
        }
    }
    const std::span<const app::base::EmbeddedFile> files = embedded::files();
    const auto file = std::ranges::find(files, file_name, &app::base::EmbeddedFile::name);
    if (file == files.end()) refuse("config " + name, "its file went away while it was to be read");
    const std::string path = "config/" + file_name;
    return {path, parse_toml(file->content, path)};
}

std::string read_file(const std::string& path, std::string_view what, std::string_view origin) {
    constexpr std::size_t bytes_max = 1024 * 1024;
    const auto fail = [&](const std::string& reason) {
        refuse(origin, std::string("cannot read ").append(what).append(", ").append(path).append(": ").append(reason));
    };
    const auto reason = [] { return app::base::system_message(errno); };
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
    if (!file) fail(reason());
    std::string content;
    std::array<char, 4096> piece;
    while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), file.get())) {
        content.append(piece.data(), size);
        if (content.size() > bytes_max) fail("it is longer than 1 MiB");
    }
    if (std::ferror(file.get()) != 0) fail(reason());
    return content;
}

}  // namespace config
