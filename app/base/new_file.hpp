// A file that is there whole or not at all: written under a temporary name beside its own, which it gets when all of it is on disk.
#pragma once

#include <string>
#include <string_view>

namespace app::base {

// For one thread.
class NewFile {
   public:
    enum class Existing { refuse, replace };

    // Makes an empty file of mode 0600 in the folder of `path`, named as that with ".part-" and six characters behind it. Throws
    // conflict if there is something at `path` that is not to be replaced, unavailable with the system's reason if the file cannot be
    // made.
    explicit NewFile(std::string path, Existing existing = Existing::refuse);

    // Removes the file, unless it was kept.
    ~NewFile();
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;

    const std::string& path() const noexcept { return path_; }
    // For who writes it by other means.
    const std::string& temporary_path() const noexcept { return temporary_path_; }

    // Throws unavailable: disk full, I/O error.
    void write(std::string_view bytes);

    // Sees to it that it is on disk and gives it its name, at which there is at every moment the old file or the new one. Throws
    // conflict when something that is not to be replaced has come to be there, unavailable when it cannot be made durable.
    void keep();

   private:
    std::string path_;
    std::string temporary_path_;
    Existing existing_;
    int descriptor_;
    bool kept_ = false;
};

// Sees to it that the names in the folder of `path` are on disk. Throws unavailable.
void sync_folder_of(const std::string& path);

}  // namespace app::base
