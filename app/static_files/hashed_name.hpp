// Names that carry the hash of the content, "style.3f2a9c1b.css": such a name will never stand for another content, so that a
// cache may keep it for good. The hash is the first eight digits of SHA-256, before the name's ending.
#pragma once

#include <string>
#include <string_view>

namespace app::static_files {

// The name of the content with this hash: "style.css" -> "style.3f2a9c1b.css".
std::string hashed_name(std::string_view name, std::string_view sha256_hex);

// Whether the name could carry a hash at all, before one is computed.
bool looks_hashed(std::string_view name) noexcept;

// Whether the name carries this hash.
bool carries_hash(std::string_view name, std::string_view sha256_hex) noexcept;

}  // namespace app::static_files
