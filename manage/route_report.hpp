// What `manage routes --test` says of one request.
#pragma once

#include <string>

#include "app/web/explain.hpp"

namespace manage {

// The request that somebody means by a method, in any case of letters, and a path or a whole URL: what a client would send of it.
// Throws UsageError for a URL that is neither.
struct MeantRequest {
    MeantRequest(std::string_view with_method, std::string_view url);

    std::string method;
    std::string target;  // "/posts/?page=2"
};

std::string as_text(const MeantRequest& request, const app::web::Explanation& explanation);
std::string as_json(const MeantRequest& request, const app::web::Explanation& explanation);

}  // namespace manage
