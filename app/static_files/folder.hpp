// The folder of static files on disk, read at request time. Only regular files below it are found, at most so long: a name is
// walked part by part without following a symbolic link anywhere, so that none leads out of the folder. Names that begin with a
// dot are not there. (The folder itself may be a link, to be switched to another release.)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace app::static_files {

// A file of the folder, open: it stays the same file when its name is given to another one.
class FolderFile {
   public:
    FolderFile(int descriptor, std::int64_t bytes, std::string etag)
        : descriptor_(descriptor), bytes_(bytes), etag_(std::move(etag)) {}
    ~FolderFile();
    FolderFile(FolderFile&& other) noexcept;
    FolderFile& operator=(FolderFile&&) = delete;

    std::int64_t bytes() const noexcept { return bytes_; }

    // Strong, quotes included; of the file's identity, size and time of writing, so that it costs no reading.
    const std::string& etag() const noexcept { return etag_; }

    // That part, which lies within it. Throws unavailable when the file was written to since it was opened: half of it would be
    // of the one state and half of the other, under the ETag of neither.
    std::string read(std::int64_t offset, std::int64_t bytes) const;

   private:
    int descriptor_;
    std::int64_t bytes_;
    std::string etag_;
};

class Folder {
   public:
    Folder(std::string path, std::int64_t file_bytes_max) : path_(std::move(path)), file_bytes_max_(file_bytes_max) {}

    // Throws invalid when the path is no folder that can be opened.
    void require() const;

    // The file of that name ("icons/small.svg", decoded), or nothing; a file that is too long or may not be read is logged and
    // not there either. Any thread. Throws internal when the system cannot open it (descriptors, the disk, the folder is gone).
    std::optional<FolderFile> find(std::string_view name) const;

   private:
    std::string path_;
    std::int64_t file_bytes_max_;
};

}  // namespace app::static_files
