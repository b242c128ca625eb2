#include "app/http/limits.hpp"

#include <algorithm>
#include <initializer_list>

#include "app/base/text.hpp"
#include "app/http/characters.hpp"

namespace app::http {
namespace {

using base::equal_ignoring_case;

bool is_document(std::string_view media_type) {
    for (const std::string_view known : {"application/json", "application/xml", "text/xml"}) {
        if (equal_ignoring_case(media_type, known)) return true;
    }
    constexpr std::string_view application = "application/";
    if (!equal_ignoring_case(media_type.substr(0, application.size()), application)) return false;
    const std::string_view suffix = media_type.substr(std::min(media_type.rfind('+'), media_type.size()));
    return equal_ignoring_case(suffix, "+json") || equal_ignoring_case(suffix, "+xml");
}

}  // namespace

std::int64_t Limits::body_bytes_max_of(std::string_view content_type) const noexcept {
    const std::string_view media_type = trim_blanks(content_type.substr(0, content_type.find(';')));
    return is_document(media_type) ? std::min(json_body_bytes_max, body_bytes_max) : body_bytes_max;
}

}  // namespace app::http
