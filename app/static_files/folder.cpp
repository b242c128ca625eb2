#include "app/static_files/folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "app/base/error.hpp"
#include "app/base/log.hpp"
#include "app/base/secret.hpp"
#include "app/base/text.hpp"

namespace app::static_files {
namespace {

using base::Code;
using base::Error;

class Descriptor {
   public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }

    bool open() const noexcept { return number_ >= 0; }
    int get() const noexcept { return number_; }
    int release() noexcept { return std::exchange(number_, -1); }

   private:
    int number_;
};

std::string reason(int error) { return base::system_message(error); }

bool is_fit(std::string_view part) { return !part.empty() && part.front() != '.' && part.find('\0') == std::string_view::npos; }

// O_PATH: to walk through a folder takes the right to do that, not to list it.
Descriptor open_folder(int parent, const std::string& name, int flags) {
    return Descriptor{::openat(parent, name.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC | flags)};
}

// Only if it is a regular file already: to open a FIFO or a device is to do something to it. O_NONBLOCK: it may have become one.
Descriptor open_regular(int parent, const std::string& name) {
    struct stat status{};
    if (::fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return Descriptor{-1};
    if (!S_ISREG(status.st_mode)) {
        errno = ENOENT;
        return Descriptor{-1};
    }
    return Descriptor{::openat(parent, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)};
}

// Nothing for what is not there, or not as a file.
void require_absence(int error, const std::string& name) {
    switch (error) {
        case ENOENT:
        case ENOTDIR:
        case ELOOP:  // a symbolic link, with O_NOFOLLOW
        case ENXIO:
        case ENAMETOOLONG: return;
        case EACCES: base::log_warning("static file " + name + " may not be read by the server"); return;
        default: throw Error(Code::internal, "internal server error", "static file " + name + ": " + reason(error));
    }
}

struct stat status_of(int descriptor) {
    struct stat status{};
    if (::fstat(descriptor, &status) != 0) throw Error(Code::internal, "internal server error", "fstat: " + reason(errno));
    return status;
}

// Not of the change time: it moves when the name is given to another file, which leaves this one as it was.
std::string etag_of(const struct stat& status) {
    std::string state;
    const auto numbers = {static_cast<std::int64_t>(status.st_dev), static_cast<std::int64_t>(status.st_ino),
                          static_cast<std::int64_t>(status.st_size), static_cast<std::int64_t>(status.st_mtim.tv_sec),
                          static_cast<std::int64_t>(status.st_mtim.tv_nsec)};
    for (const std::int64_t number : numbers) state.append(std::to_string(number)).append(" ");
    constexpr std::size_t digits = 32;
    return "\"" + base::sha256_hex(state).substr(0, digits) + "\"";
}

}  // namespace

FolderFile::~FolderFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

FolderFile::FolderFile(FolderFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), bytes_(other.bytes_), etag_(std::move(other.etag_)) {}

std::string FolderFile::read(std::int64_t offset, std::int64_t bytes) const {
    std::string content(static_cast<std::size_t>(bytes), '\0');
    std::size_t done = 0;
    while (done < content.size()) {
        const auto count =
            ::pread(descriptor_, content.data() + done, content.size() - done, offset + static_cast<std::int64_t>(done));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw Error(Code::internal, "internal server error", "reading a static file: " + reason(errno));
        if (count == 0) break;
        done += static_cast<std::size_t>(count);
    }
    if (done < content.size() || etag_of(status_of(descriptor_)) != etag_) {
        throw Error(Code::unavailable, "the file is being written; try again");
    }
    return content;
}

void Folder::require() const {
    if (!open_folder(AT_FDCWD, path_, 0).open()) {
        throw Error(Code::invalid, "static.folder: " + path_ + " cannot be opened as a folder: " + reason(errno));
    }
}

std::optional<FolderFile> Folder::find(std::string_view name) const {
    const auto parts = base::split(name, '/');
    if (!std::ranges::all_of(parts, is_fit)) return std::nullopt;
    Descriptor folder = open_folder(AT_FDCWD, path_, 0);
    if (!folder.open()) throw Error(Code::internal, "internal server error", "static.folder " + path_ + ": " + reason(errno));
    for (std::size_t i = 0; folder.open() && i + 1 < parts.size(); ++i)
        folder = open_folder(folder.get(), std::string(parts[i]), O_NOFOLLOW);
    Descriptor file = folder.open() ? open_regular(folder.get(), std::string(parts.back())) : Descriptor{-1};
    if (!file.open()) {
        require_absence(errno, std::string(name));
        return std::nullopt;
    }
    const struct stat status = status_of(file.get());
    if (!S_ISREG(status.st_mode)) return std::nullopt;
    if (status.st_size > file_bytes_max_) {
        base::log_warning("static file " + std::string(name) + " is longer than static.file_bytes_max");
        return std::nullopt;
    }
    return FolderFile{file.release(), status.st_size, etag_of(status)};
}

}  // namespace app::static_files
