#include "app/api/v1_1/description.hpp"

#include "app/api/v1_0/description.hpp"

namespace app::api::v1_1 {

using namespace openapi;

namespace {

// RFC 9457; see app/api/problem.hpp.
Schema problem() {
    const Schema error = object({{"detail", string().described("What is wrong")},
                                 {"pointer", string("json-pointer").described("Where in the document sent"), Presence::optional},
                                 {"parameter", string().described("Of the query"), Presence::optional},
                                 {"header", string(), Presence::optional}});
    return named("Problem", object({{"type", string("uri-reference").example("about:blank")},
                                    {"title", string().described("The status's phrase").example("Bad Request")},
                                    {"status", integer(400).with("maximum", 599)},
                                    {"detail", string().described("What is wrong, for people")},
                                    {"errors", array(error).described("What is wrong with what"), Presence::optional}}));
}

}  // namespace

Api description() {
    Api api = v1_0::description();
    api.version = "1.1";
    api.security.push_back({.name = "bearer", .scheme = "bearer", .description = "A token"});
    api.error = problem();
    api.error_media_types = {"application/problem+json"};
    return api;
}

}  // namespace app::api::v1_1
