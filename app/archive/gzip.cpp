#include "app/archive/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <new>

#include "app/base/error.hpp"

namespace app::archive {

namespace {

using base::Code;
using base::Error;

constexpr std::size_t buffer_bytes = 64 << 10;
constexpr int level = 3;              // two and a half times as fast as zlib's own choice, for a file that is a twelfth larger
constexpr int gzip_window = 15 + 16;  // the largest window; 16: gzip and nothing else
constexpr std::string_view gzip_magic = "\x1f\x8b";

Bytef* bytes_of(std::string& text) { return reinterpret_cast<Bytef*>(text.data()); }

// zlib only reads what it is given, though it takes a pointer to what might change.
Bytef* bytes_of(std::string_view text) { return reinterpret_cast<Bytef*>(const_cast<char*>(text.data())); }

}  // namespace

void GzipWriter::End::operator()(z_stream_s* stream) const {
    deflateEnd(stream);
    std::default_delete<z_stream_s>()(stream);
}

GzipWriter::GzipWriter(std::function<void(std::string_view)> sink)
    : sink_(std::move(sink)), stream_(std::make_unique<z_stream_s>().release()), buffer_(buffer_bytes, '\0') {
    if (deflateInit2(stream_.get(), level, Z_DEFLATED, gzip_window, 9, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
}

GzipWriter::~GzipWriter() = default;

void GzipWriter::write(std::string_view bytes) {
    constexpr std::size_t at_once = 1 << 30;  // zlib counts in 32 bits
    while (!bytes.empty()) {
        run(bytes.substr(0, at_once), Z_NO_FLUSH);
        bytes.remove_prefix(std::min(bytes.size(), at_once));
    }
}

void GzipWriter::finish() { run({}, Z_FINISH); }

void GzipWriter::run(std::string_view bytes, int flush) {
    stream_->next_in = bytes_of(bytes);
    stream_->avail_in = static_cast<uInt>(bytes.size());
    do {
        stream_->next_out = bytes_of(buffer_);
        stream_->avail_out = static_cast<uInt>(buffer_.size());
        deflate(stream_.get(), flush);  // fails only for a stream that was misused
        const std::size_t size = buffer_.size() - stream_->avail_out;
        bytes_ += static_cast<std::int64_t>(size);
        if (size != 0) sink_(std::string_view(buffer_).substr(0, size));
    } while (stream_->avail_out == 0);
}

void GzipReader::End::operator()(z_stream_s* stream) const {
    inflateEnd(stream);
    std::default_delete<z_stream_s>()(stream);
}

GzipReader::GzipReader(std::string name, std::function<void(std::string&)> source)
    : name_(std::move(name)), source_(std::move(source)), stream_(std::make_unique<z_stream_s>().release()) {
    if (inflateInit2(stream_.get(), gzip_window) != Z_OK) throw std::bad_alloc();
    while (input_.size() < gzip_magic.size()) {
        const std::size_t before = input_.size();
        source_(input_);
        if (input_.size() == before) break;
    }
    if (!input_.starts_with(gzip_magic)) throw Error(Code::invalid, name_ + " is no dump of Dewar: it is not compressed as one");
    stream_->next_in = bytes_of(input_);
    stream_->avail_in = static_cast<uInt>(input_.size());
    bytes_ = static_cast<std::int64_t>(input_.size());
}

GzipReader::~GzipReader() = default;

void GzipReader::fill() {
    if (stream_->avail_in != 0) return;
    input_.clear();
    source_(input_);
    stream_->next_in = bytes_of(input_);
    stream_->avail_in = static_cast<uInt>(input_.size());
    bytes_ += static_cast<std::int64_t>(input_.size());
}

bool GzipReader::read(std::string& out) {
    if (ended_) return false;
    const std::size_t before = out.size();
    out.resize(before + buffer_bytes);
    stream_->next_out = bytes_of(out) + before;
    stream_->avail_out = buffer_bytes;
    while (stream_->avail_out == buffer_bytes && !ended_) {
        fill();
        if (stream_->avail_in == 0) throw Error(Code::invalid, name_ + " is cut off: its end is missing");
        const int result = inflate(stream_.get(), Z_NO_FLUSH);
        if (result == Z_MEM_ERROR) throw std::bad_alloc();
        if (result != Z_OK && result != Z_STREAM_END) {
            throw Error(Code::invalid, name_ + " is damaged: its bytes are not as they were written");
        }
        ended_ = result == Z_STREAM_END;
    }
    out.resize(before + buffer_bytes - stream_->avail_out);
    if (ended_) {
        fill();
        if (stream_->avail_in != 0) throw Error(Code::invalid, name_ + " is damaged: something follows its end");
    }
    return out.size() != before;
}

}  // namespace app::archive
