// parse_multipart and find_boundary: bounded, parts lie within the body, and what was accepted re-serialises.
#include "app/web/multipart.hpp"

#include <algorithm>
#include <string>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "fuzz.hpp"

namespace {

std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

std::string serialise(const std::vector<app::web::Part>& parts, const std::string& boundary) {
    std::string out;
    for (const auto& part : parts) {
        out += "--" + boundary + "\r\nContent-Disposition: form-data; name=" + in_quotes(part.name);
        if (part.filename) out += "; filename=" + in_quotes(*part.filename);
        if (!part.content_type.empty()) out.append("\r\nContent-Type: ").append(part.content_type);
        out.append("\r\n\r\n").append(part.content).append("\r\n");
    }
    return out + "--" + boundary + "--\r\n";
}

}  // namespace

// The first line is the Content-Type, the rest the body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes = fuzz::text(data, size);
    const auto line = std::min(bytes.find('\n'), bytes.size());
    const auto found = app::web::find_boundary(bytes.substr(0, line));
    if (found) fuzz::require(!found->empty() && found->size() <= 70, "a boundary has 1 to 70 characters");
    const std::string boundary = found.value_or("b");
    std::vector<app::web::Part> parts;
    try {
        parts = app::web::parse_multipart(bytes.substr(std::min(line + 1, bytes.size())), boundary, 5);
    } catch (const app::base::Error& error) {
        fuzz::require(error.code() == app::base::Code::invalid || error.code() == app::base::Code::too_large,
                      "the client's fault");
        return 0;
    }
    fuzz::require(parts.size() <= 5, "no more parts than allowed");
    for (const auto& part : parts) {
        fuzz::require(app::base::is_utf8(part.name), "names are UTF-8");
        fuzz::require(part.content.empty() || (part.content.data() >= bytes.data() &&
                                               part.content.data() + part.content.size() <= bytes.data() + bytes.size()),
                      "a part's content lies within the body");
    }
    if (parts.empty()) return 0;  // "--b--" alone
    const std::string written = serialise(parts, boundary);
    const auto again = app::web::parse_multipart(written, boundary, 5);
    fuzz::require(std::ranges::equal(parts, again,
                                     [](const auto& a, const auto& b) {
                                         return a.name == b.name && a.filename == b.filename && a.content == b.content &&
                                                a.content_type == b.content_type;
                                     }),
                  "what was accepted re-serialises");
    return 0;
}
