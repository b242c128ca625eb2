#include "app/web/compression.hpp"

#include <brotli/encode.h>
#include <zlib.h>

#include <algorithm>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/base/turn.hpp"
#include "app/web/conditional.hpp"

namespace app::web {
namespace {

// A window of 256 KiB: what brotli sets up for a larger one takes longer than most bodies.
constexpr int brotli_window_bits = 18;

[[noreturn]] void fail(const char* library) {
    throw base::Error(base::Code::internal, "internal server error", std::string(library) + " could not compress");
}

class GzipStream {
   public:
    explicit GzipStream(int level) {
        constexpr int gzip_window_bits = 15 + 16;  // 32 KiB; 16 asks for gzip's header instead of zlib's
        constexpr int memory_level = 8;
        if (deflateInit2(&stream_, level, Z_DEFLATED, gzip_window_bits, memory_level, Z_DEFAULT_STRATEGY) != Z_OK) fail("zlib");
    }
    ~GzipStream() { deflateEnd(&stream_); }
    GzipStream(const GzipStream&) = delete;
    GzipStream& operator=(const GzipStream&) = delete;

    std::string encode(std::string_view body) {
        deflateReset(&stream_);
        std::string out(deflateBound(&stream_, body.size()), '\0');
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));  // zlib does not write there
        stream_.avail_in = static_cast<uInt>(body.size());
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = static_cast<uInt>(out.size());
        if (deflate(&stream_, Z_FINISH) != Z_STREAM_END) fail("zlib");
        out.resize(stream_.total_out);
        return out;
    }

   private:
    z_stream stream_{};
};

std::string gzip(std::string_view body, Effort effort) {
    if (effort == Effort::best) return GzipStream{Z_BEST_COMPRESSION}.encode(body);
    thread_local GzipStream stream{Z_BEST_SPEED};
    return stream.encode(body);
}

// Made anew each time: brotli has no reset, and lending it the memory of the time before gains nothing that can be measured.
std::string brotli(std::string_view body, Effort effort) {
    const int quality = effort == Effort::best ? BROTLI_MAX_QUALITY : 1;
    std::size_t bytes = BrotliEncoderMaxCompressedSize(body.size());
    std::string out(bytes, '\0');
    const auto done = BrotliEncoderCompress(quality, brotli_window_bits, BROTLI_MODE_TEXT, body.size(),
                                            reinterpret_cast<const std::uint8_t*>(body.data()), &bytes,
                                            reinterpret_cast<std::uint8_t*>(out.data()));
    if (done != BROTLI_TRUE) fail("brotli");
    out.resize(bytes);
    return out;
}

bool names(std::string_view list, std::string_view name) {
    return std::ranges::any_of(base::split(list, ','),
                               [name](std::string_view element) { return base::equal_ignoring_case(base::trim(element), name); });
}

bool is_worth_it(const Response& response, std::size_t bytes_min) {
    return response.body.size() >= bytes_min && response.body.size() <= compressed_bytes_max && response.status != 206 &&
           !response.header("Content-Encoding") && !names(response.header("Cache-Control").value_or(""), "no-store") &&
           is_compressible(response.header("Content-Type").value_or(""));
}

}  // namespace

bool is_compressible(std::string_view content_type) {
    const std::string type = media_type(content_type);
    return type.starts_with("text/") || type.ends_with("+json") || type.ends_with("+xml") || type == "application/json" ||
           type == "application/xml" || type == "application/javascript";
}

std::string encode(std::string_view body, ContentCoding coding, Effort effort) {
    switch (coding) {
        case ContentCoding::gzip: return gzip(body, effort);
        case ContentCoding::brotli: return brotli(body, effort);
        case ContentCoding::identity: break;
    }
    return std::string(body);
}

void compress(const Request& request, Response& response, std::size_t bytes_min) {
    if (response.body.size() < bytes_min || !is_worth_it(response, bytes_min)) return;
    add_vary(response, "Accept-Encoding");
    const ContentCoding coding = choose_coding(request.joined_header("Accept-Encoding"));
    if (coding == ContentCoding::identity) return;
    if (auto* turn = base::Turn::current(); turn && response.body.size() > compressed_by_loop_bytes_max) return turn->give_up();
    std::string encoded = encode(response.body, coding, Effort::fast);
    if (encoded.size() < response.body.size()) set_encoded(response, coding, std::move(encoded));
}

void set_encoded(Response& response, ContentCoding coding, std::string encoded) {
    response.body = std::move(encoded);
    response.set("Content-Encoding", std::string(to_string(coding)));
    if (const auto etag = response.header("ETag")) response.set("ETag", coded_tag(*etag, coding));
    std::erase_if(response.headers, [](const auto& header) { return base::equal_ignoring_case(header.first, "Accept-Ranges"); });
}

void add_vary(Response& response, std::string_view name) {
    std::string* first = nullptr;
    for (auto& [key, value] : response.headers) {
        if (!base::equal_ignoring_case(key, "Vary")) continue;
        if (names(value, name) || names(value, "*")) return;
        if (!first) first = &value;
    }
    if (!first) first = &response.headers.emplace_back("Vary", "").second;
    first->append(first->empty() ? "" : ", ").append(name);
}

}  // namespace app::web
