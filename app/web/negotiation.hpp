// Content negotiation (RFC 9110 section 12.5): what a client accepts, and what its body claims to be.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace app::web {

// One element of an Accept header; names in lower case, parameters but q dropped.
struct MediaRange {
    std::string type;     // "text" or "*"
    std::string subtype;  // "html" or "*"
    int quality = 1000;   // q in thousandths, 0..1000; 0 says "not this"

    bool covers(std::string_view media_type) const;  // "text/html", in lower case
};

// The elements in the header's order; what is no media range is passed over, as a q that is no number is taken for 1.
std::vector<MediaRange> parse_accept(std::string_view accept);

// The one of `offers` (media types in lower case, at least one) that a request with this Accept is best answered with: that of the
// highest quality, each having that of the most specific range that covers it; where they are equal, the one that stands first,
// which is also the one for an Accept that is empty or says nothing. Nothing when all have the quality 0 or are not covered.
std::optional<std::string_view> choose_media_type(std::string_view accept, std::span<const std::string_view> offers);

// Whether errors outside a versioned API are told in JSON: `accept` names application/json, and neither text/html,
// application/xhtml+xml nor a wildcard covering them. Browsers and curl's "*/*" get the HTML page.
bool prefers_json_error(std::string_view accept);

// How a body is written on its way; identity is as it is.
enum class ContentCoding { identity, gzip, brotli };

// "gzip", "br": the word of Content-Encoding; "" for identity, which is not named there.
std::string_view to_string(ContentCoding coding) noexcept;

// The coding for an answer to a request with this Accept-Encoding (RFC 9110 section 12.5.3): the one with the highest quality,
// brotli before gzip before identity where they are equal. "x-gzip" is gzip, "*" whatever is not listed. Identity when the header
// is empty, and when nothing else is left, whatever is said of it: an answer that can be read is better than 406.
ContentCoding choose_coding(std::string_view accept_encoding);

// The media type of a Content-Type value: lower case, without parameters; "" when it has no type/subtype.
std::string media_type(std::string_view content_type);

// application/json and application/*+json, in any case of letters, with any parameters.
bool is_json(std::string_view content_type);

// application/xml and text/xml, likewise.
bool is_xml(std::string_view content_type);

}  // namespace app::web
