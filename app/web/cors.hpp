// Cross-origin resource sharing (the Fetch standard, section 3.2): which other sites' pages may read the answers to their requests.
// No answer ever allows credentials that a browser sends by itself: the pages must have a token, and send it in a header.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/web/method.hpp"
#include "app/web/request.hpp"
#include "app/web/response.hpp"

namespace app::web {

// Made once; then any thread.
class Cors {
   public:
    // Origins as browsers write them ("https://app.example"), compared as they are; "*" is any.
    explicit Cors(std::vector<std::string> origins);

    // Adds to any answer, an error too, what the request's Origin is allowed: that it reads the answer and some headers of it; and
    // when the request asks ahead for another one (a preflight), the methods of the path, the headers that the API reads, and how
    // long that holds. An origin that is not listed gets nothing. Vary says that it depends, unless all are allowed.
    void allow(const Request& request, Methods methods, Response& response) const;

   private:
    std::vector<std::string> origins_;
    bool any_;
};

}  // namespace app::web
