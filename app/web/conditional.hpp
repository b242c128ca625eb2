// Conditional requests (RFC 9110 section 13) by entity tag. A tag names one state of a resource; a compressed answer has a tag of
// its own, the plain one's with the coding behind it: "3f2a" and "3f2a-br" (section 8.8.3.3). Who sends back either is understood.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/web/negotiation.hpp"
#include "app/web/request.hpp"
#include "app/web/response.hpp"

namespace app::web {

// The tag of the same state in that coding. A weak tag stays: it says no more than that they mean the same.
std::string coded_tag(std::string_view etag, ContentCoding coding);

// If-None-Match for GET and HEAD: the 304, with the tag that the client has, when it lists `etag` in any coding, weakly compared,
// or "*". `etag` is the plain answer's, quotes included; the caller adds the Cache-Control that the 200 would have had.
std::optional<Response> not_modified(const Request& request, std::string_view etag);

// If-Match: whether there is none, or it is "*", or it lists `etag` in any coding as a strong tag. What is no list of tags lists
// none. `etag` is the plain answer's; where a resource has one for each media type, any of them will do: ask for each.
bool if_match_holds(const Request& request, std::string_view etag);

// Whether a Range may be answered with a part: there is no If-Range, or it is exactly this strong tag. A date never is.
bool if_range_holds(const Request& request, std::string_view etag);

}  // namespace app::web
