// The other half of app/web/compression, which the application has no need of: what a client does with a Content-Encoding.
#pragma once

#include <string>
#include <string_view>

namespace tests {

// The body that was encoded ("gzip", "br", or "" for none). Throws std::runtime_error when it is no whole such body, or is followed
// by anything.
std::string decode(std::string_view body, std::string_view content_encoding);

}  // namespace tests
