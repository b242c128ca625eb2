#include "app/api/v1_1/description.hpp"

#include "app/api/v1_0/description.hpp"
#include "app/api/v1_1/list_request.hpp"
#include "app/api/v1_1/schemas.hpp"

namespace app::api::v1_1 {

using namespace openapi;

Api description() {
    Api api = v1_0::description();
    api.version = "1.1";
    api.tags["accounts"] = "Registering, and what is done by mail: confirming, a forgotten password, another address";
    api.parameters["page"] = {"Which page of the list, from 1 on; not beside `after`", integer(1).with("default", 1)};
    api.parameters["per_page"] = {"How many items to give at a time", integer(1).with("maximum", per_page_max)};
    api.parameters["after"] = {"The id of the last item seen, which may be gone by now: gives what follows it", integer(0)};
    api.security.push_back({.name = "bearer", .scheme = "bearer", .description = "A token"});
    api.request_media_types = {"application/json", "application/xml"};
    api.common_errors.account.emplace_back(406, "The request accepts neither JSON nor XML");
    api.error = schemas::problem();
    api.error_media_types = {"application/problem+json", "application/xml"};
    return api;
}

}  // namespace app::api::v1_1
