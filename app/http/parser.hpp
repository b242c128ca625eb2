// The head of a request, read strictly: what RFC 9112 allows a server to refuse is refused, so that no proxy before Dewar can
// see another request in the same bytes (request smuggling). Nothing is copied, mended or guessed. No sockets and no state here:
// bytes in, a head or a refusal out; every function may be called from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "app/http/limits.hpp"
#include "app/web/request.hpp"

namespace app::http {

// Why a request is not served. The connection cannot be used afterwards: nobody knows where the next request begins.
struct Refusal {
    int status = 0;  // 4xx or 5xx
    const char* reason =
        "";  // one short line for the answer's body and the log; a literal, without anything that the client sent
};

// How the end of a request's body is found (RFC 9112 section 6.3). A request without either field has no body.
enum class Framing { none, length, chunked };

// A request head. The views point into the buffer that was parsed: they hold until it changes.
struct Head {
    std::string_view method;  // one of web::find_method's
    std::string_view
        target;  // origin-form ("/posts?page=2"), or "*" for OPTIONS; an absolute-form comes without scheme and authority
    std::vector<web::Header> headers;  // in order, values without the blanks around them
    int minor_version = 1;             // 0 or 1
    bool keep_alive = true;            // what the client asks for (RFC 9112 section 9.3)
    bool expects_continue = false;     // answer "100 Continue" before the body is read (only ever with a body, from HTTP/1.1)
    Framing framing = Framing::none;
    std::int64_t content_length = 0;  // for Framing::length; 0..body_bytes_max
    std::int64_t body_bytes_max = 0;  // what the limits allow a body of this Content-Type; the smallest, if there are several
    std::size_t bytes = 0;            // of the buffer that belong to the head: the body begins there

    // For the next request: everything as at first, but the memory of `headers` is kept.
    void clear();
};

enum class Parsed { incomplete, complete, refused };

// Reads the head at the beginning of `buffer`, which holds what was received and not consumed; at most two empty lines before the
// request line are passed over (RFC 9112 section 2.2). `searched` belongs to the caller: 0 for a new head, then kept between calls
// while the buffer only grows (it may move), so that a head that dribbles in costs time linear in its length.
//   complete    `head` is filled; buffer[head.bytes] begins the body or the next request.
//   incomplete  read more. What can only be refused is so at once when its first byte or a bare line feed shows it, when the
//               request line is too long, or at head_bytes_max; for the rest the head's end is awaited.
//   refused     `refusal` says why; `head` is in no defined state, but for 413, which is said of a whole one.
// Whether the bytes come at once or one by one changes neither the verdict nor the status nor the head.
Parsed parse_head(std::string_view buffer, std::size_t& searched, const Limits& limits, Head& head, Refusal& refusal);

}  // namespace app::http
