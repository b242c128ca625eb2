// The parts of a form that was sent as multipart/form-data (RFC 7578), which is how files are uploaded. Read strictly: what no
// browser sends (a preamble, an epilogue, folded lines, transfer encodings, blanks behind a boundary) is refused.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace app::web {

struct Part {
    std::string name;                     // of the form's field: UTF-8 without control characters
    std::optional<std::string> filename;  // of a file, as the client calls it: never a path to be opened; likewise UTF-8
    std::string_view content_type;        // as sent; "" when the part has none, which means text/plain
    std::string_view content;             // any bytes
};

// The boundary that a Content-Type of multipart/form-data names: 1 to 70 characters of RFC 2046 section 5.1.1, quoted or not.
// Nothing for another type, and for a boundary that is missing, doubled or not valid.
std::optional<std::string> find_boundary(std::string_view content_type);

// The parts of a body in its order; content and content_type point into `body`. Costs time linear in the body. Throws invalid for
// what is no multipart/form-data with that boundary, too_large for more than `parts_max` parts.
std::vector<Part> parse_multipart(std::string_view body, std::string_view boundary, std::size_t parts_max = 100);

}  // namespace app::web
