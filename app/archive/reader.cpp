#include "app/archive/reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "app/base/error.hpp"

namespace app::archive {

namespace {

using base::Code;
using base::Error;

constexpr std::size_t read_bytes = 64 << 10;

// Closes it when the last copy of the source goes.
class Descriptor {
   public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() { ::close(number_); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const noexcept { return number_; }

   private:
    int number_;
};

[[noreturn]] void refuse_file(const std::string& path, const std::string& reason) {
    throw Error(Code::unavailable, path + " cannot be read: " + reason);
}

}  // namespace

DumpReader::DumpReader(std::string name, std::function<void(std::string&)> source)
    : name_(std::move(name)), gzip_(name_, std::move(source)) {
    const std::string_view line = next_line();
    const auto version = parse_format_version(line);
    require(version.has_value(), "is no dump of Dewar: its first line is another");
    require(*version <= format_version, "is a dump in format " + std::to_string(*version) + ", of which this binary reads " +
                                            std::to_string(format_version) + ": load it with the version that wrote it");
    auto header = parse_header(line);
    require(header.has_value(), "is damaged: its first line says too little");
    summary_.header = *std::move(header);
}

void DumpReader::begin_table(const Table& table) {
    std::string expected;
    append_table(expected, table);
    expected.pop_back();
    require(next_line() == expected,
            "is no dump of this schema: its table " + std::string(table.name) + " is missing or another");
    table_ = &table;
    table_rows_ = 0;
}

bool DumpReader::next_row(Rows& rows) {
    const std::string_view line = next_line();
    if (const auto count = parse_table_end(line)) {
        require(*count == table_rows_, "is damaged: the table " + std::string(table_->name) + " has another number of rows");
        summary_.tables.emplace_back(table_->name, table_rows_);
        summary_.rows += table_rows_;
        return false;
    }
    if (!parse_row(line, *table_, rows)) {
        require(false,
                "is damaged: line " + std::to_string(line_number_) + " is no row of the table " + std::string(table_->name));
    }
    ++table_rows_;
    return true;
}

const Summary& DumpReader::finish() {
    std::string line(next_line());
    std::string expected;
    summary_.rows_checksum = rows_sum_.hex();
    append_rows_line(expected, summary_.rows, summary_.rows_checksum);
    require(line + "\n" == expected, "is damaged: its rows do not add up to their checksum");
    line = next_line();
    summary_.checksum = sum_.hex();
    expected.clear();
    append_end(expected, summary_.checksum);
    require(line + "\n" == expected, "is damaged: it does not add up to its checksum");
    require(start_ == text_.size() && !gzip_.read(text_), "is damaged: something follows its end");
    summary_.bytes = gzip_.bytes();
    return summary_;
}

// Valid until the next call.
std::string_view DumpReader::next_line() {
    if (line_number_ > 0) {
        const std::string_view line = std::string_view(text_).substr(start_ - line_size_, line_size_);
        sum_.add(line);
        if (line_number_ > 1) rows_sum_.add(line);
    }
    std::size_t searched = start_;
    for (;;) {
        const std::size_t end = text_.find('\n', searched);
        if (end != std::string::npos) {
            line_size_ = end + 1 - start_;
            start_ = end + 1;
            ++line_number_;
            return std::string_view(text_).substr(start_ - line_size_, line_size_ - 1);
        }
        text_.erase(0, start_);
        start_ = 0;
        searched = text_.size();
        require(searched <= line_bytes_max, "is damaged: line " + std::to_string(line_number_ + 1) + " has no end");
        require(gzip_.read(text_), "is cut off: its last line is missing");
    }
}

void DumpReader::require(bool holds, const std::string& reason) const {
    if (!holds) throw Error(Code::invalid, name_ + " " + reason);
}

std::function<void(std::string&)> file_source(const std::string& path) {
    const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (number < 0) refuse_file(path, base::system_message(errno));
    const auto file = std::make_shared<Descriptor>(number);
    struct stat status{};
    if (::fstat(number, &status) != 0) refuse_file(path, base::system_message(errno));
    if (!S_ISREG(status.st_mode)) refuse_file(path, "it is no regular file");
    return [file, path](std::string& out) {
        const std::size_t before = out.size();
        out.resize(before + read_bytes);
        ssize_t size = 0;
        do size = ::read(file->number(), out.data() + before, read_bytes);
        while (size < 0 && errno == EINTR);
        if (size < 0) refuse_file(path, base::system_message(errno));
        out.resize(before + static_cast<std::size_t>(size));
    };
}

}  // namespace app::archive
