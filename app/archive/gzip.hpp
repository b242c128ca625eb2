// A gzip stream (RFC 1952), written and read piece by piece. The one home of zlib in this room.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

struct z_stream_s;

namespace app::archive {

// For one thread.
class GzipWriter {
   public:
    // `sink` gets the compressed bytes as they come; what it throws comes through.
    explicit GzipWriter(std::function<void(std::string_view)> sink);
    ~GzipWriter();

    void write(std::string_view bytes);
    // To be called once, at the end.
    void finish();

    std::int64_t bytes() const noexcept { return bytes_; }  // given to the sink

   private:
    struct End {
        void operator()(z_stream_s* stream) const;
    };
    void run(std::string_view bytes, int flush);

    std::function<void(std::string_view)> sink_;
    std::unique_ptr<z_stream_s, End> stream_;
    std::string buffer_;
    std::int64_t bytes_ = 0;
};

// For one thread.
class GzipReader {
   public:
    // `source` appends some bytes to what it is given, nothing at the end; `name` is for messages.
    GzipReader(std::string name, std::function<void(std::string&)> source);
    ~GzipReader();

    // Appends some bytes to `out`; false at the end of the stream. Throws invalid, in one line, for what is no gzip stream, damaged,
    // cut off or followed by something, and what the source throws.
    bool read(std::string& out);

    std::int64_t bytes() const noexcept { return bytes_; }  // taken from the source

   private:
    struct End {
        void operator()(z_stream_s* stream) const;
    };
    void fill();

    std::string name_;
    std::function<void(std::string&)> source_;
    std::unique_ptr<z_stream_s, End> stream_;
    std::string input_;
    bool ended_ = false;
    std::int64_t bytes_ = 0;
};

}  // namespace app::archive
