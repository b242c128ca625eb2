// A folder and files of a test's own.
//
//     const tests::TemporaryFolder folder;
//     tests::write_text(folder / "config.toml", "[server]");
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace tests {

// Empty, below the system's temporary folder; everybody may enter it; it goes with the object, and so does all that is in it then.
// Throws std::system_error.
class TemporaryFolder {
   public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& path() const noexcept { return path_; }
    std::string operator/(std::string_view name) const { return path_ / name; }

   private:
    std::filesystem::path path_;
};

// A file's bytes; "" for one that is not there.
std::string read_text(const std::filesystem::path& path);

// Makes the file, or replaces what is in it, and returns its path. Throws std::runtime_error when it cannot.
std::string write_text(const std::filesystem::path& path, std::string_view text);

}  // namespace tests
