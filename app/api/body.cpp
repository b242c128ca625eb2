#include "app/api/body.hpp"

#include "app/base/error.hpp"
#include "app/web/json.hpp"
#include "app/web/negotiation.hpp"
#include "app/web/xml.hpp"

namespace app::api {

using base::Code;
using base::Error;

namespace {

constexpr const char* no_body = "the request has no body";

web::Value read_json(const web::Request& request, web::DuplicateMembers duplicates) {
    constexpr int depth_max = 64;
    web::Value document = web::parse_json(request.body, depth_max, duplicates);
    if (!document.object()) throw Error(Code::invalid, "the JSON document is not an object", {}, {{"", "is not an object"}});
    return document;
}

bool is_xml(const web::Request& request) { return web::is_xml(request.header("Content-Type").value_or("")); }

// RFC 7396, and what is close to it: a PATCH in another +json, such as RFC 6902's, would not mean what is done here.
bool is_patch(std::string_view content_type) {
    const std::string name = web::media_type(content_type);
    return name == "application/json" || name == "application/merge-patch+json";
}

}  // namespace

web::Value read_object(const web::Request& request) {
    if (!web::is_json(request.header("Content-Type").value_or(""))) {
        throw Error(Code::unsupported, "the Content-Type is not application/json");
    }
    if (request.body.empty()) throw Error(Code::invalid, no_body);
    return read_json(request, web::DuplicateMembers::last_counts);
}

web::Value read_strict_object(const web::Request& request) {
    const auto type = request.header("Content-Type");
    if (!type && request.body.empty()) throw Error(Code::invalid, no_body);
    const bool is_readable = type && (is_xml(request) || (request.method == "PATCH" ? is_patch(*type) : web::is_json(*type)));
    if (!is_readable) {
        const char* message = type ? "a body of this Content-Type is not read here" : "the body has no Content-Type";
        throw Error(Code::unsupported, message, {}, {{"Content-Type", message, base::FieldPlace::header}});
    }
    if (request.body.empty()) throw Error(Code::invalid, no_body);
    if (is_xml(request)) return web::parse_xml_object(request.body);
    return read_json(request, web::DuplicateMembers::refused);
}

std::optional<std::string> find_text(const web::Value& object, const std::string& empty_message) {
    const web::Value* member = object.find("body");
    if (!member) return std::nullopt;
    if (!member->string()) throw Error(Code::invalid, empty_message, {}, {{"/body", "is not a string"}});
    return *member->string();
}

std::optional<bool> find_flag(const web::Request& request, const web::Value& object, std::string_view name) {
    const web::Value* member = object.find(name);
    if (!member) return std::nullopt;
    if (const bool* flag = member->boolean()) return *flag;
    const std::string* word = is_xml(request) ? member->string() : nullptr;
    if (word && (*word == "true" || *word == "false")) return *word == "true";
    const std::string message = std::string(name) + " is neither true nor false";
    throw Error(Code::invalid, message, {}, {{"/" + std::string(name), message}});
}

}  // namespace app::api
