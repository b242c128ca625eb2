#include "app/api/body.hpp"

#include "app/base/error.hpp"
#include "app/web/json.hpp"
#include "app/web/negotiation.hpp"

namespace app::api {

using base::Code;
using base::Error;

web::Value read_object(const web::Request& request) {
    if (!web::is_json(request.header("Content-Type").value_or(""))) {
        throw Error(Code::unsupported, "the Content-Type is not application/json");
    }
    if (request.body.empty()) throw Error(Code::invalid, "the request has no body");
    web::Value document = web::parse_json(request.body);
    if (!document.object()) throw Error(Code::invalid, "the JSON document is not an object");
    return document;
}

std::optional<std::string> find_text(const web::Value& object, const std::string& empty_message) {
    const web::Value* member = object.find("body");
    if (!member) return std::nullopt;
    if (!member->string()) throw Error(Code::invalid, empty_message, {}, {{"/body", "is not a string"}});
    return *member->string();
}

}  // namespace app::api
