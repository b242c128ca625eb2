#include "app/web/response.hpp"

#include <algorithm>

#include "app/base/text.hpp"

namespace app::web {
namespace {

Response make(std::string_view content_type, std::string body, int status) {
    Response response = empty_response(status);
    response.headers.emplace_back("Content-Type", content_type);
    response.body = std::move(body);
    return response;
}

}  // namespace

Response& Response::set(std::string_view name, std::string value) {
    std::erase_if(headers, [name](const auto& header) { return base::equal_ignoring_case(header.first, name); });
    return add(name, std::move(value));
}

Response& Response::add(std::string_view name, std::string value) {
    headers.emplace_back(name, std::move(value));
    return *this;
}

std::optional<std::string_view> Response::header(std::string_view name) const noexcept {
    for (const auto& [key, value] : headers) {
        if (base::equal_ignoring_case(key, name)) return value;
    }
    return std::nullopt;
}

Response json_response(std::string text, int status) { return make("application/json", std::move(text), status); }
Response xml_response(std::string text, int status) { return make("application/xml; charset=utf-8", std::move(text), status); }
Response html_response(std::string text, int status) { return make("text/html; charset=utf-8", std::move(text), status); }
Response text_response(std::string text, int status) { return make("text/plain; charset=utf-8", std::move(text), status); }

Response empty_response(int status) {
    Response response;
    response.status = status;
    response.headers.reserve(8);  // as many as most answers have in the end
    return response;
}

Response redirect(std::string location, int status) { return empty_response(status).set("Location", std::move(location)); }

}  // namespace app::web
