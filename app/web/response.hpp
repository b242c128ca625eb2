// A response, and the few ways in which one is made. Content-Length, Date and Connection are the server's to add.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace app::web {

struct Response {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;

    // Sets a header, in place of those that have the name already (in any case of letters).
    Response& set(std::string_view name, std::string value);

    // Adds a header beside those of the same name (Set-Cookie, Vary).
    Response& add(std::string_view name, std::string value);

    std::optional<std::string_view> header(std::string_view name) const noexcept;
};

// `text` is a whole JSON document; see json.hpp for what writes one.
Response json_response(std::string text, int status = 200);
// Likewise XML in UTF-8; see xml.hpp.
Response xml_response(std::string text, int status = 200);
Response html_response(std::string text, int status = 200);
Response text_response(std::string text, int status = 200);
Response empty_response(int status = 204);

// `location` as url_for makes it. 303 after a form, 308 keeps method and body.
Response redirect(std::string location, int status = 303);

}  // namespace app::web
