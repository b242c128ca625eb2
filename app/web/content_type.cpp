#include "app/web/content_type.hpp"

#include "app/base/text.hpp"

namespace app::web {
namespace {

struct Ending {
    std::string_view text;
    std::string_view content_type;
};

// https://www.iana.org/assignments/media-types; what a browser reads as text is UTF-8.
constexpr Ending endings[] = {
    {"avif", "image/avif"},
    {"css", "text/css; charset=utf-8"},
    {"csv", "text/csv; charset=utf-8"},
    {"gif", "image/gif"},
    {"gz", "application/gzip"},
    {"htm", "text/html; charset=utf-8"},
    {"html", "text/html; charset=utf-8"},
    {"ico", "image/vnd.microsoft.icon"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"js", "text/javascript; charset=utf-8"},
    {"json", "application/json"},
    {"map", "application/json"},
    {"md", "text/markdown; charset=utf-8"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"ogg", "audio/ogg"},
    {"otf", "font/otf"},
    {"pdf", "application/pdf"},
    {"png", "image/png"},
    {"svg", "image/svg+xml; charset=utf-8"},
    {"ttf", "font/ttf"},
    {"txt", "text/plain; charset=utf-8"},
    {"wasm", "application/wasm"},
    {"webm", "video/webm"},
    {"webmanifest", "application/manifest+json"},
    {"webp", "image/webp"},
    {"woff", "font/woff"},
    {"woff2", "font/woff2"},
    {"xml", "application/xml; charset=utf-8"},
    {"zip", "application/zip"},
};

}  // namespace

std::string_view content_type_of(std::string_view name) noexcept {
    const auto slash = name.rfind('/'), dot = name.rfind('.');
    const bool has_ending = dot != std::string_view::npos && (slash == std::string_view::npos || dot > slash);
    if (has_ending) {
        for (const Ending& ending : endings) {
            if (base::equal_ignoring_case(name.substr(dot + 1), ending.text)) return ending.content_type;
        }
    }
    return "application/octet-stream";
}

}  // namespace app::web
