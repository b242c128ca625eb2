#include "app/base/new_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "app/base/error.hpp"

namespace app::base {

namespace {

[[noreturn]] void refuse_existing(const std::string& path) {
    throw Error(Code::conflict, path + " exists already: name another file, or move that one away");
}

[[noreturn]] void refuse(const std::string& path, int error) {
    const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
    throw Error(Code::unavailable,
                path + " cannot be written: " +
                    (full ? std::string("there is no room for it on its disk; free some space") : system_message(error)));
}

}  // namespace

NewFile::NewFile(std::string path, Existing existing)
    : path_(std::move(path)), temporary_path_(path_ + ".part-XXXXXX"), existing_(existing) {
    std::error_code error;
    if (existing == Existing::refuse && std::filesystem::exists(std::filesystem::symlink_status(path_, error)))
        refuse_existing(path_);
    descriptor_ = ::mkostemp(temporary_path_.data(), O_CLOEXEC);  // with mode 0600
    if (descriptor_ < 0) refuse(path_, errno);
}

NewFile::~NewFile() {
    ::close(descriptor_);
    if (!kept_) ::unlink(temporary_path_.c_str());
}

void NewFile::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t size = ::write(descriptor_, bytes.data(), bytes.size());
        if (size >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(size));
        } else if (errno != EINTR) {
            refuse(path_, errno);
        }
    }
}

void NewFile::keep() {
    if (::fsync(descriptor_) != 0) refuse(path_, errno);
    if (existing_ == Existing::replace) {
        if (::rename(temporary_path_.c_str(), path_.c_str()) != 0) refuse(path_, errno);
    } else if (::link(temporary_path_.c_str(), path_.c_str()) != 0) {  // unlike rename it replaces nothing
        if (errno == EEXIST) refuse_existing(path_);
        refuse(path_, errno);
    }
    kept_ = true;
    if (existing_ == Existing::refuse) ::unlink(temporary_path_.c_str());
    sync_folder_of(path_);
}

void sync_folder_of(const std::string& path) {
    std::filesystem::path folder = std::filesystem::path(path).parent_path();
    if (folder.empty()) folder = ".";
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) refuse(path, errno);
    const int result = ::fsync(descriptor);
    const int error = errno;
    ::close(descriptor);
    if (result != 0 && error != EINVAL) refuse(path, error);  // EINVAL: of a file system that cannot
}

}  // namespace app::base
