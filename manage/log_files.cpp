#include "manage/log_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <memory>
#include <system_error>
#include <utility>

#include "app/archive/gzip.hpp"
#include "app/base/descriptor.hpp"
#include "app/base/error.hpp"
#include "app/base/text.hpp"

namespace manage {

namespace {

using app::base::Descriptor;

constexpr std::size_t read_bytes = 64 * 1024;

[[noreturn]] void refuse_file(const std::filesystem::path& file) {
    throw app::base::Error(app::base::Code::unavailable,
                           "cannot read " + file.string() + ": " + app::base::system_message(errno));
}

// Appends the bytes that `receive` puts into the room it is given; the count of them, 0 at the end of the file, negative for an error.
template <class Receive>
ssize_t append(std::string& out, Receive receive) {
    const std::size_t size = out.size();
    out.resize(size + read_bytes);
    ssize_t count = 0;
    do {
        count = receive(out.data() + size, read_bytes);
    } while (count < 0 && errno == EINTR);
    out.resize(size + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    return count;
}

// Hands on the whole lines in `text` and leaves the rest there; false: `use` wants no more.
template <class Use>
bool take_lines(std::string& text, Use&& use) {
    std::size_t begin = 0;
    bool wants_more = true;
    while (wants_more) {
        const auto end = text.find('\n', begin);
        if (end == std::string::npos) break;
        wants_more = use(std::string_view(text).substr(begin, end - begin));
        begin = end + 1;
    }
    text.erase(0, begin);
    return wants_more;
}

}  // namespace

std::filesystem::path log_of_daemon(const config::Config& config) {
    if (!config.log.file.empty()) return config.log.file;
    return std::filesystem::path(config.server.pid_file).parent_path() / "runserver.log";
}

std::vector<std::filesystem::path> find_log_files(const std::filesystem::path& file) {
    std::map<std::int64_t, std::filesystem::path> older;
    const std::string name = file.filename().string() + ".";
    std::error_code error;
    const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        const std::string found = entry.path().filename().string();
        if (!found.starts_with(name)) continue;
        std::string_view number = std::string_view(found).substr(name.size());
        if (number.ends_with(".gz")) number.remove_suffix(3);
        const auto age = app::base::parse_integer(number);
        if (age && *age > 0) older.emplace(*age, entry.path());
    }
    std::vector<std::filesystem::path> files;
    if (std::filesystem::exists(file, error)) files.push_back(file);
    for (auto& [age, path] : older) files.push_back(std::move(path));
    return files;
}

void read_log(const std::filesystem::path& file, const std::function<bool(std::string_view line)>& use) {
    const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (descriptor.get() < 0) refuse_file(file);
    std::function<bool(std::string&)> read = [&](std::string& out) {
        const auto count = append(out, [&](char* room, std::size_t size) { return ::read(descriptor.get(), room, size); });
        if (count < 0) refuse_file(file);
        return count > 0;
    };
    const auto packed = read;
    std::unique_ptr<app::archive::GzipReader> unpacked;
    if (file.extension() == ".gz") {
        unpacked = std::make_unique<app::archive::GzipReader>(file.string(), [&](std::string& out) { packed(out); });
        read = [&](std::string& out) { return unpacked->read(out); };
    }
    std::string text;
    while (read(text)) {
        if (!take_lines(text, use)) return;
    }
    if (!text.empty()) use(text);
}

GrowingLog::GrowingLog(std::filesystem::path file, bool whole) : file_(std::move(file)) {
    if (!open() || whole) return;
    struct stat state{};
    if (::fstat(descriptor_.get(), &state) == 0) offset_ = state.st_size;
}

// False: it is not there.
bool GrowingLog::open() {
    descriptor_ = Descriptor(::open(file_.c_str(), O_RDONLY | O_CLOEXEC));
    offset_ = 0;
    if (descriptor_.get() < 0 && errno != ENOENT) refuse_file(file_);
    return descriptor_.get() >= 0;
}

void GrowingLog::read(const std::function<void(std::string_view line)>& use) {
    if (descriptor_.get() < 0 && !open()) return;
    struct stat named{}, opened{};
    const bool is_there = ::stat(file_.c_str(), &named) == 0;
    if (::fstat(descriptor_.get(), &opened) != 0) refuse_file(file_);
    if (opened.st_size < offset_) {
        offset_ = 0;
        rest_.clear();
    }
    read_rest(use);
    const bool was_moved = !is_there || named.st_ino != opened.st_ino || named.st_dev != opened.st_dev;
    if (!was_moved || !is_there) return;  // who moved it may still write to it until there is a new one
    close_file(use);
    if (open()) read_rest(use);
}

void GrowingLog::read_rest(const std::function<void(std::string_view line)>& use) {
    for (;;) {
        const auto count =
            append(rest_, [this](char* room, std::size_t size) { return ::pread(descriptor_.get(), room, size, offset_); });
        if (count < 0) refuse_file(file_);
        if (count == 0) return;
        offset_ += count;
        take_lines(rest_, [&](std::string_view line) {
            use(line);
            return true;
        });
    }
}

void GrowingLog::close_file(const std::function<void(std::string_view line)>& use) {
    descriptor_ = Descriptor();
    if (!rest_.empty()) use(std::exchange(rest_, {}));
}

}  // namespace manage
