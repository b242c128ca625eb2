// A request as the application sees it. It is a view: all text belongs to whoever received or made the request (the server's
// buffer, the test client) and stays alive until App::handle returns, so that a request is never copied on its way in.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace app::web {

struct Header {
    std::string_view name;   // as sent; compared without regard to case
    std::string_view value;  // without blanks around it
};

struct Request {
    std::string_view method = "GET";
    std::string_view target = "/";  // origin-form as sent, not decoded: "/posts/a%2Fb?page=2"
    std::vector<Header> headers{};  // in order; a name may occur more than once
    std::string_view body{};
    std::string_view peer{};           // the client's address: App::handle has followed the trusted proxies (forwarded.hpp)
    std::string_view proxy{};          // the socket's other end where peer is whom it forwards for; else empty
    std::string_view scheme = "http";  // or "https"
    std::string_view id{};             // names this request in the log

    // The target up to its "?", and what stands behind it (empty when there is none). Both still encoded.
    std::string_view path() const noexcept;
    std::string_view query() const noexcept;

    // The first header of that name, in any case of letters.
    std::optional<std::string_view> header(std::string_view name) const noexcept;

    // All headers of that name as one list, joined by ", " (RFC 9110 section 5.3); "" when there is none.
    std::string joined_header(std::string_view name) const;

    // The first value of a name in the query string, decoded, with "+" as a blank; nothing when absent or badly encoded
    // (dispatch has refused such a query before a handler runs).
    std::optional<std::string> query_value(std::string_view name) const;
};

}  // namespace app::web
