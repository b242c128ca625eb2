// The bytes of a response (RFC 9112 section 4). What goes onto the wire is checked here, last of all, so that no value, wherever it
// came from, can end a header line early and forge another header or another response.
#pragma once

#include <string>
#include <string_view>

#include "app/web/response.hpp"

namespace app::http {

struct WriteOptions {
    bool head_only = false;   // the request was HEAD: no body
    bool keep_alive = true;   // another request may follow on this connection
    int minor_version = 1;    // of the request
    std::string_view date{};  // now, as base::http_date writes it; the caller may keep it for a second
};

// Appends the whole response to `out`: status line, Date, Content-Length (none for 1xx, 204 and 304), Connection where the version
// does not say it already, the response's own headers, the body. Date, Content-Length, Connection, Keep-Alive, Transfer-Encoding,
// TE, Trailer and Upgrade are this function's to write: the response's own ones are passed over, but for a Content-Length in the
// answer to HEAD, which tells the length that the body would have had.
// Throws internal, with `out` as it was, when a header's name is no token, its value holds CR, LF, NUL or another control character
// but the tab, or the status is not within 100..599.
void append_response(std::string& out, const web::Response& response, const WriteOptions& options);

}  // namespace app::http
