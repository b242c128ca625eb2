#include "app/web/target.hpp"

#include "app/base/error.hpp"
#include "app/base/text.hpp"

namespace app::web {

using base::Code;
using base::Error;

void check_target(const Request& request) {
    if (!request.target.starts_with('/')) throw Error(Code::invalid, "the request target is no path");
    for (const char c : request.target) {
        if ((c >= '\0' && c <= ' ') || c == '\x7f') {
            throw Error(Code::invalid, "the request target has a blank or a control character; percent-encode it");
        }
    }
    if (request.target.find('%') == std::string_view::npos) return;
    const auto path = base::percent_decode(request.path());
    if (!path) throw Error(Code::invalid, "the path has a malformed percent-escape");
    if (path->find('\0') != std::string::npos) throw Error(Code::invalid, "the path has a NUL character");
    if (!base::percent_decode(request.query())) throw Error(Code::invalid, "the query has a malformed percent-escape");
}

Match find_match(const Router& router, const Request& request) {
    constexpr Methods unknown{1u << 31};
    return router.match(request.path(), find_method(request.method).value_or(unknown));
}

std::string with_slash(const Request& request) {
    std::string location{request.path()};
    location += '/';
    if (!request.query().empty()) location.append("?").append(request.query());
    return location;
}

}  // namespace app::web
