// Compression of answers (RFC 9110 section 8.4): gzip and brotli, at a fixed cheap level for what a handler just made, at the best
// one for what is kept. The one home of zlib and brotli.
//
// An answer with Cache-Control: no-store is never compressed. So a handler says that an answer holds a secret beside something
// that the client chose, a form's CSRF token above all: the length of a compressed answer would tell the secret letter by letter
// (the BREACH attack).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "app/web/negotiation.hpp"
#include "app/web/request.hpp"
#include "app/web/response.hpp"

namespace app::web {

// Shorter answers fit into a few packets either way: the default of compression.body_bytes_min.
inline constexpr std::size_t compressed_bytes_min = 4096;
// Longer ones keep a core too long for what they save.
inline constexpr std::size_t compressed_bytes_max = 8 * 1024 * 1024;
// Longer ones are compressed by a worker: the loop's turn is given up.
inline constexpr std::size_t compressed_by_loop_bytes_max = 256 * 1024;

// Whether it pays for this Content-Type: text/*, JSON, XML, JavaScript, and what is built on them (image/svg+xml).
bool is_compressible(std::string_view content_type);

enum class Effort { fast, best };  // gzip 1 and brotli 1, some 100 MB/s; gzip 9 and brotli 11, a hundred times as long

// `body` in that coding; nothing to do for identity. Any thread; a thread keeps its gzip stream for the next call, since making
// one costs more than compressing a page does. Throws internal when the library fails (no memory).
std::string encode(std::string_view body, ContentCoding coding, Effort effort);

// Compresses the response if that is wanted and worth it: a body of `bytes_min` to compressed_bytes_max bytes, no status 206, no
// Content-Encoding yet, no no-store, a compressible type, and the client accepts it. Sets Content-Encoding and the coded ETag;
// and Vary, whether this client accepts it or not. Ranges are of the plain body: Accept-Ranges goes.
void compress(const Request& request, Response& response, std::size_t bytes_min = compressed_bytes_min);

// Puts `encoded` in the place of the response's plain body, with the headers that go with it.
void set_encoded(Response& response, ContentCoding coding, std::string encoded);

// Adds a name to Vary, unless it is there or Vary is "*".
void add_vary(Response& response, std::string_view name);

}  // namespace app::web
